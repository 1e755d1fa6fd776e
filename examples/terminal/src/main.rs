//! Two projects in a terminal, each a store of its own on disk. A frame is drawn for a key and for a change.
//!
//! `cargo run --release -p store-context-terminal -- [DIRECTORY]`

#[cfg(test)]
mod tests;

use std::sync::mpsc::{self, Receiver};
use std::{env, error::Error, io, iter, path::PathBuf, thread};

use ratatui::crossterm::event::{self, KeyCode, KeyEvent, KeyModifiers};
use ratatui::prelude::*;
use ratatui::widgets::{Block, List, ListState, Paragraph, Wrap};
use store_context::query::{Watch, Watched};
use store_context::{LiveDocument, prelude::*};
use store_context_project::{Issue, Project, ProjectEvent, ProjectProvider, View, add_typed};

/// A project on the screen.
struct Board {
    project: Mounted<Project>,
    issues: Watch<Watched<Rows<Issue>>>,
    view: LiveDocument<Project, View>,
    selected: ListState,
    failure: Option<StoreError>,
    _redraws: [Subscription; 2],
}

impl Board {
    fn new(project: Mounted<Project>, redraw: impl Fn() + Clone + Send + Sync + 'static) -> Self {
        let issues = project.watch(|store| store.listed());
        let view = project.document(|store| store.view());
        let redraws = [issues.changed(redraw.clone()), view.changed(redraw)];
        Self { project, issues, view, selected: ListState::default(), failure: None, _redraws: redraws }
    }

    fn press(&mut self, key: KeyCode) -> Result<(), StoreError> {
        match (key, self.project.state()) {
            (KeyCode::Char(typed), _) => self.view.update(move |view| view.draft.push(typed))?,
            (KeyCode::Backspace, _) => self.view.update(|view| _ = view.draft.pop())?,
            (KeyCode::Up, _) => self.selected.select_previous(),
            (KeyCode::Down, _) => self.selected.select_next(),
            (KeyCode::Enter, StoreState::Error(_)) => self.project.retry()?,
            (KeyCode::Enter, StoreState::Running(store)) if add_typed(&store)? => self.selected.select_last(),
            (KeyCode::Enter, StoreState::Running(store)) => {
                let issues = store.listed().get()?;
                if let Some(issue) = self.selected.selected().and_then(|at| issues.get(at)) {
                    store.commit(ProjectEvent::Marked { number: issue.number, done: !issue.done })?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, style: Style) {
        let block = |title, keys| Block::bordered().border_style(style).title(title).title_bottom(keys);
        let [list, field] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(3)]));
        let draft = Line::from(self.view.get().draft + "▏");
        let hidden = draft.width().saturating_sub(field.width.saturating_sub(2).into()) as u16;
        let draft = Paragraph::new(draft).scroll((0, hidden));
        frame.render_widget(draft.block(block("new issue: Enter", "Tab: other project, Esc: end")), field);
        let block = block(self.project.name().id.as_str(), "↑ ↓ Enter: done");
        let text = match (&self.failure, self.issues.get()) {
            (Some(failure), _) => failure.to_string(),
            (_, Watched::Ready(issues)) => {
                let lines =
                    issues.iter().map(|issue| format!("[{}] {}", if issue.done { 'x' } else { ' ' }, issue.title));
                let lines = List::new(lines).highlight_style(Modifier::REVERSED).block(block);
                return frame.render_stateful_widget(lines, list, &mut self.selected);
            }
            (_, Watched::Error(error)) => format!("{error}\n\nEnter: try again"),
            (_, Watched::Shutdown(cause)) => format!("closed: {cause}"),
            _ => "loading".to_owned(),
        };
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }).block(block), list);
    }
}

/// Draws the boards side by side until Escape is pressed: a frame for each message, which may bring a key.
fn run(
    terminal: &mut Terminal<impl Backend<Error: 'static>>,
    boards: &mut [Board; 2],
    messages: &Receiver<io::Result<Option<KeyEvent>>>,
) -> Result<(), Box<dyn Error>> {
    let (halves, mut focus) = (Layout::horizontal([Constraint::Fill(1); 2]), 0);
    loop {
        terminal.draw(|frame| {
            for (at, (board, half)) in boards.iter_mut().zip(frame.area().layout::<2>(&halves)).enumerate() {
                board.draw(frame, half, if at == focus { Style::new().yellow() } else { Style::new() });
            }
        })?;
        let Some(key) = messages.recv()?? else { continue };
        match (key.code, key.modifiers) {
            (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) => return Ok(()),
            (KeyCode::Tab, _) => focus = 1 - focus,
            (code, _) => boards[focus].failure = boards[focus].press(code).err(),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::args_os().nth(1).map_or_else(|| env::temp_dir().join("store-context"), PathBuf::from);
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(directory));
    let mount = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id).mount(&registry);
    let (sender, messages) = mpsc::sync_channel(1);
    let changes = sender.clone();
    // A frame shows every change before it, so that none is asked for where one is due.
    let redraw = move || drop(changes.try_send(Ok(None)));
    // Each is mounted at once, so that the second store loads beside the first.
    let mut boards = [mount("alpha")?, mount("beta")?].map(|project| Board::new(project, redraw.clone()));
    let mut terminal = ratatui::try_init()?;
    let read = || event::read().map(|event| event.as_key_press_event());
    thread::spawn(move || iter::repeat_with(read).try_for_each(|key| sender.send(key)));
    let ended = run(&mut terminal, &mut boards, &messages);
    ratatui::restore();
    // What was committed is on disk when this returns.
    futures::executor::block_on(registry.dispose())?;
    ended
}
