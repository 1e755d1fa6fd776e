use std::fs;
use std::path::Path;
use std::thread;

use eframe::egui::accesskit::{Role, Toggled};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use store_context::test::TestHost;

use super::*;

/// The program without its window and its threads: a store loads when the test says so.
struct Stage {
    host: TestHost,
    registry: StoreRegistry,
    window: Harness<'static, Option<App>>,
}

impl Stage {
    fn new(directory: &Path) -> Self {
        let host = TestHost::new();
        let registry = host.registry().build();
        let (mounts, data) = (registry.clone(), Sqlite::in_dir(directory));
        let show = move |ui: &mut Ui, app: &mut Option<App>| {
            app.get_or_insert_with(|| App::new(&mounts, &data, ui.ctx()).unwrap()).show(ui);
        };
        let window = Harness::builder().with_size([640.0, 400.0]).build_ui_state(show, None);
        let mut stage = Self { host, registry, window };
        stage.window.run();
        stage
    }

    /// Lets the stores load, and draws.
    fn load(&mut self) {
        self.host.run();
        self.window.run();
    }

    fn type_into(&mut self, project: &str, text: &str) {
        let field = self.window.get_by_role_and_label(Role::TextInput, project);
        field.focus();
        self.window.run();
        self.window.get_by_role_and_label(Role::TextInput, project).type_text(text);
        self.window.run();
    }

    fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.window.run();
    }

    fn draft(&self, project: &str) -> Option<String> {
        self.window.get_by_role_and_label(Role::TextInput, project).value()
    }

    /// Whether the issue of this title is done.
    fn is_done(&self, title: &str) -> bool {
        let mark = self.window.get_by_role_and_label(Role::CheckBox, title);
        mark.accesskit_node().toggled() == Some(Toggled::True)
    }

    fn count(&self, label: &str) -> usize {
        self.window.query_all_by_label_contains(label).count()
    }
}

#[test]
fn both_stores_load_and_are_drawn_when_they_run() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    assert_eq!(stage.count("loading"), 2);
    assert!(!stage.window.ctx.has_requested_repaint(), "something changes by itself");

    stage.host.run();
    assert!(stage.window.ctx.has_requested_repaint(), "no frame was asked for");
    stage.window.run();
    assert_eq!(stage.count("loading"), 0);
}

#[test]
fn a_commit_of_another_thread_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.load();
    assert!(!stage.window.ctx.has_requested_repaint(), "something changes by itself");
    let App([_, beta]) = stage.window.state().as_ref().unwrap();
    let store = stage.host.block_on(beta.project.store()).unwrap();

    thread::spawn(move || store.commit(ProjectEvent::Added { title: "from elsewhere".into() }).map(drop))
        .join()
        .unwrap()
        .unwrap();
    assert!(stage.window.ctx.has_requested_repaint(), "no frame was asked for");
    stage.window.run();
    assert!(!stage.is_done("from elsewhere"));
}

#[test]
fn a_document_that_another_thread_changes_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.load();
    let App([_, beta]) = stage.window.state().as_ref().unwrap();
    let store = stage.host.block_on(beta.project.store()).unwrap();

    thread::spawn(move || store.view().update(|view| view.draft.push('d')).map(drop)).join().unwrap().unwrap();
    assert!(stage.window.ctx.has_requested_repaint(), "no frame was asked for");
    stage.window.run();
    assert_eq!(stage.draft("beta").as_deref(), Some("d"));
}

#[test]
fn what_is_typed_is_added_and_marked() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.load();
    stage.type_into("alpha", "first");
    assert_eq!(stage.draft("alpha").as_deref(), Some("first"));
    assert_eq!(stage.draft("beta").as_deref(), Some(""));
    stage.press(Key::Enter);
    assert_eq!(stage.draft("alpha").as_deref(), Some(""));
    assert!(!stage.is_done("first"));

    // The field has the keyboard still.
    stage.window.get_by_role_and_label(Role::TextInput, "alpha").type_text("second");
    stage.window.run();
    stage.press(Key::Enter);
    stage.window.get_by_label("second").click();
    stage.window.run();
    assert!(stage.is_done("second"));
    assert!(!stage.is_done("first"));
}

#[test]
fn a_draft_is_typed_while_its_store_loads_and_is_there_the_next_time() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.type_into("beta", "later");
    stage.press(Key::Enter);
    assert_eq!(stage.draft("beta").as_deref(), Some("later"));
    stage.load();
    stage.host.block_on(stage.registry.dispose()).unwrap();

    let mut stage = Stage::new(directory.path());
    stage.load();
    assert_eq!(stage.draft("beta").as_deref(), Some("later"));
    assert_eq!(stage.count("later"), 0);
}

#[test]
fn a_store_that_did_not_open_says_why_until_it_is_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let in_the_way = directory.path().join("data");
    fs::write(&in_the_way, "").unwrap();
    let mut stage = Stage::new(&in_the_way);
    stage.load();
    assert_eq!(stage.count("did not open"), 2);

    fs::remove_file(&in_the_way).unwrap();
    stage.window.get_all_by_label("Try again").next().unwrap().click();
    stage.window.run();
    assert_eq!(stage.count("loading"), 1);
    stage.load();
    assert_eq!(stage.count("did not open"), 1);
    stage.type_into("alpha", "at last");
    stage.press(Key::Enter);
    assert!(!stage.is_done("at last"));
}

#[test]
fn a_closed_store_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.load();
    stage.host.block_on(stage.registry.dispose()).unwrap();
    stage.window.run();
    assert_eq!(stage.count("closed"), 2);
}
