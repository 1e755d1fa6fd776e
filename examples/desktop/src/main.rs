//! Two projects in a window, each a store of its own on disk. A frame is drawn for an input and for a change.
//!
//! `cargo run --release -p store-context-desktop -- [DIRECTORY]`

#[cfg(test)]
mod tests;

use std::{env, error::Error, path::PathBuf};

use eframe::egui::{self, Key, ScrollArea, TextEdit, Ui};
use futures::executor::block_on;
use store_context::query::{Watch, Watched};
use store_context::{LiveDocument, prelude::*};
use store_context_project::{Issue, Project, ProjectEvent, ProjectProvider, View, add_typed};

/// A project in the window.
struct Board {
    project: Mounted<Project>,
    issues: Watch<Watched<Rows<Issue>>>,
    view: LiveDocument<Project, View>,
    failure: Option<StoreError>,
    _redraws: [Subscription; 2],
}

impl Board {
    fn new(project: Mounted<Project>, redraw: impl Fn() + Clone + Send + Sync + 'static) -> Self {
        let issues = project.watch(|store| store.listed());
        let view = project.document(|store| store.view());
        let redraws = [issues.changed(redraw.clone()), view.changed(redraw)];
        Self { project, issues, view, failure: None, _redraws: redraws }
    }

    fn show(&mut self, ui: &mut Ui) {
        let id = self.project.name().id.as_str();
        let name = ui.heading(id);
        let mut draft = self.view.get().draft;
        let field = TextEdit::singleline(&mut draft).hint_text("new issue: Enter").desired_width(f32::INFINITY);
        let field = ui.add(field).labelled_by(name.id);
        if field.changed() {
            self.failure = self.view.update(move |view| view.draft.clone_from(&draft)).err();
        }
        if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            field.request_focus();
            // While the store loads, what is typed stays where it is.
            if let StoreState::Running(store) = self.project.state() {
                self.failure = add_typed(&store).err();
            }
        }
        if let Some(failure) = &self.failure {
            ui.colored_label(ui.visuals().error_fg_color, failure.to_string());
        }
        match self.issues.get() {
            Watched::Ready(issues) => drop(ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, |ui| {
                for issue in &issues {
                    let mut done = issue.done;
                    if ui.checkbox(&mut done, &issue.title).changed()
                        && let StoreState::Running(store) = self.project.state()
                    {
                        self.failure = store.commit(ProjectEvent::Marked { number: issue.number, done }).err();
                    }
                }
            })),
            Watched::Error(error) => {
                ui.colored_label(ui.visuals().error_fg_color, error.to_string());
                if ui.button("Try again").clicked() {
                    self.failure = self.project.retry().err();
                }
            }
            Watched::Shutdown(cause) => drop(ui.label(format!("closed: {cause}"))),
            _ => drop(ui.label("loading")),
        }
    }
}

/// Two boards side by side.
struct App([Board; 2]);

impl App {
    fn new(registry: &StoreRegistry, data: &Sqlite, context: &egui::Context) -> Result<Self, StoreError> {
        let mount = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id).mount(registry);
        let context = context.clone();
        let redraw = move || context.request_repaint();
        // Each is mounted at once, so that the second store loads beside the first.
        Ok(Self([mount("alpha")?, mount("beta")?].map(|project| Board::new(project, redraw.clone()))))
    }

    fn show(&mut self, ui: &mut Ui) {
        egui::CentralPanel::default().show(ui, |ui| {
            ui.columns_const(|columns: &mut [Ui; 2]| {
                self.0.iter_mut().zip(columns).for_each(|(board, ui)| _ = ui.vertical(|ui| board.show(ui)));
            });
        });
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.show(ui);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::args_os().nth(1).map_or_else(|| env::temp_dir().join("store-context"), PathBuf::from);
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(directory));
    let viewport = egui::ViewportBuilder::default().with_inner_size([640.0, 400.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    let ended = eframe::run_native(
        "Projects",
        options,
        Box::new(|creation| Ok(Box::new(App::new(&registry, &data, &creation.egui_ctx)?))),
    );
    // What was committed is on disk when this returns.
    block_on(registry.dispose())?;
    Ok(ended?)
}
