use std::fs;
use std::path::Path;
use std::sync::mpsc::SyncSender;

use ratatui::backend::TestBackend;
use store_context::test::TestHost;

use super::*;

/// The program without its terminal and its threads: a store loads when the test says so.
struct Stage {
    host: TestHost,
    registry: StoreRegistry,
    boards: [Board; 2],
    sender: SyncSender<io::Result<Option<KeyEvent>>>,
    messages: Receiver<io::Result<Option<KeyEvent>>>,
    terminal: Terminal<TestBackend>,
}

impl Stage {
    fn new(directory: &Path) -> Self {
        let host = TestHost::new();
        let registry = host.registry().build();
        // Everything that a test presses waits in it.
        let (sender, messages) = mpsc::sync_channel(64);
        let boards = ["alpha", "beta"].map(|id| {
            let provider = ProjectProvider::new().adapter(Sqlite::in_dir(directory)).store_id(id);
            let changes = sender.clone();
            Board::new(provider.mount(&registry).unwrap(), move || drop(changes.try_send(Ok(None))))
        });
        let terminal = Terminal::new(TestBackend::new(80, 12)).unwrap();
        Self { host, registry, boards, sender, messages, terminal }
    }

    /// Runs the program with what waits for it and with these keys, until it ends.
    fn press(&mut self, keys: impl IntoIterator<Item = KeyCode>) {
        for key in keys.into_iter().chain([KeyCode::Esc]) {
            self.sender.send(Ok(Some(key.into()))).unwrap();
        }
        run(&mut self.terminal, &mut self.boards, &self.messages).unwrap();
    }

    /// The left and the right half of the last frame.
    fn halves(&self) -> [String; 2] {
        let cells = self.terminal.backend().buffer().content();
        let half = |from: usize| {
            let rows = cells.chunks(80).map(|row| row[from..from + 40].iter().map(|cell| cell.symbol()).collect());
            rows.collect::<Vec<String>>().join("\n")
        };
        [half(0), half(40)]
    }
}

fn typed(text: &str) -> impl Iterator<Item = KeyCode> {
    text.chars().map(KeyCode::Char)
}

#[track_caller]
fn assert_shows(screen: &str, text: &str) {
    assert!(screen.contains(text), "there is no {text:?} in\n{screen}");
}

#[test]
fn both_stores_load_and_are_drawn_when_they_run() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.press([]);
    stage.halves().iter().for_each(|half| assert_shows(half, "loading"));
    assert!(stage.messages.try_recv().is_err(), "something changes by itself");

    stage.host.run();
    assert!(matches!(stage.messages.try_recv(), Ok(Ok(None))), "no frame was asked for");
    stage.press([]);
    stage.halves().iter().for_each(|half| assert!(!half.contains("loading"), "{half}"));
}

#[test]
fn a_commit_of_another_thread_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.host.run();
    let store = stage.host.block_on(stage.boards[1].project.store()).unwrap();
    stage.press([]);
    assert!(stage.messages.try_recv().is_err(), "something changes by itself");

    thread::spawn(move || store.commit(ProjectEvent::Added { title: "from elsewhere".into() }).map(drop))
        .join()
        .unwrap()
        .unwrap();
    assert!(matches!(stage.messages.try_recv(), Ok(Ok(None))), "no frame was asked for");
    stage.press([]);
    let [alpha, beta] = stage.halves();
    assert_shows(&beta, "[ ] from elsewhere");
    assert!(!alpha.contains("elsewhere"), "{alpha}");
}

#[test]
fn a_document_that_another_thread_changes_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.host.run();
    let store = stage.host.block_on(stage.boards[1].project.store()).unwrap();
    stage.press([]);

    thread::spawn(move || store.view().update(|view| view.draft.push('d')).map(drop)).join().unwrap().unwrap();
    assert!(matches!(stage.messages.try_recv(), Ok(Ok(None))), "no frame was asked for");
    stage.press([]);
    assert_shows(&stage.halves()[1], "d▏");
}

#[test]
fn what_is_typed_is_added_and_marked() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.host.run();
    stage.press(typed("firsd").chain([KeyCode::Backspace]).chain(typed("t")).chain([KeyCode::Enter]));
    assert_shows(&stage.halves()[0], "[ ] first");
    stage.press([KeyCode::Enter]);
    assert_shows(&stage.halves()[0], "[x] first");
    stage.press(typed("second").chain([KeyCode::Enter, KeyCode::Enter, KeyCode::Up, KeyCode::Enter]));
    assert_shows(&stage.halves()[0], "[ ] first");
    assert_shows(&stage.halves()[0], "[x] second");
    stage.press([KeyCode::Tab].into_iter().chain(typed("other")).chain([KeyCode::Enter]));
    let [alpha, beta] = stage.halves();
    assert_shows(&beta, "[ ] other");
    assert!(!alpha.contains("[ ] other"), "{alpha}");
}

#[test]
fn a_draft_is_typed_while_its_store_loads_and_is_there_the_next_time() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.press(typed("later").chain([KeyCode::Enter]));
    assert_shows(&stage.halves()[0], "later▏");
    stage.host.run();
    stage.host.block_on(stage.registry.dispose()).unwrap();

    let mut stage = Stage::new(directory.path());
    stage.host.run();
    stage.press([]);
    assert_shows(&stage.halves()[0], "later▏");
    assert!(!stage.halves()[0].contains("[ ]"));
}

#[test]
fn a_long_draft_shows_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.press(typed("the beginning of a title that is longer than the field"));
    assert_shows(&stage.halves()[0], "longer than the field▏");
}

#[test]
fn a_store_that_did_not_open_says_why_until_it_is_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let in_the_way = directory.path().join("data");
    fs::write(&in_the_way, "").unwrap();
    let mut stage = Stage::new(&in_the_way);
    stage.host.run();
    stage.press([]);
    assert_shows(&stage.halves()[0], "did not open");

    fs::remove_file(&in_the_way).unwrap();
    stage.press([KeyCode::Enter]);
    assert_shows(&stage.halves()[0], "loading");
    stage.host.run();
    stage.press(typed("at last").chain([KeyCode::Enter]));
    let [alpha, beta] = stage.halves();
    assert_shows(&alpha, "[ ] at last");
    assert_shows(&beta, "did not open");
}

#[test]
fn a_closed_store_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(directory.path());
    stage.host.run();
    stage.host.block_on(stage.registry.dispose()).unwrap();
    stage.press([]);
    stage.halves().iter().for_each(|half| assert_shows(half, "closed"));
}
