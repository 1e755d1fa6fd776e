//! The example `tenants` over loopback, as its clients use it: every route, ids that mean harm, and its end.

#![allow(missing_docs)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use serde_json::{Value, json};
use store_context::prelude::*;
use store_context::test::ManualClock;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

#[path = "../examples/tenants/problem.rs"]
mod problem;
#[path = "../examples/tenants/server.rs"]
mod server;
#[path = "../examples/tenants/tenant.rs"]
mod tenant;

use tenant::{TenantKey, TenantProvider, TenantStore};

/// How long anything may take before a test fails.
const LONG: Duration = Duration::from_secs(60);

/// Tries until it is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: it is not so after {LONG:?}");
        std::thread::yield_now();
    }
}

/// The example's server in this process, with a clock that the test drives.
struct Served {
    address: SocketAddr,
    registry: StoreRegistry,
    clock: ManualClock,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), String>>,
    runtime: Runtime,
}

const CACHE_TIME: Duration = Duration::from_secs(60);

fn serve(directory: &Path) -> Served {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let (address, clock) = (listener.local_addr().unwrap(), ManualClock::new());
    let registry = StoreRegistry::builder().cache_time(CACHE_TIME).timer(clock.clone()).build();
    let (stop, asked) = oneshot::channel::<()>();
    let (serving, data) = (registry.clone(), Sqlite::in_dir(directory));
    let served = runtime.spawn(async move {
        let served = server::serve(listener, serving, data, async { drop(asked.await) }).await;
        served.map_err(|error| error.to_string())
    });
    Served { address, registry, clock, stop, served, runtime }
}

impl Served {
    fn ask(&self, method: &str, path: &str) -> Answer {
        ask(self.address, method, path, None)
    }

    fn take(&self, tenant: &str, id: &str, text: &str) -> Answer {
        take(self.address, tenant, id, text)
    }

    fn ids(&self, tenant: &str) -> Vec<String> {
        let answer = self.ask("GET", &format!("/tenants/{tenant}/notes"));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json().as_array().unwrap().iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect()
    }

    /// How many stores are open, loading or in error.
    fn mounted(&self) -> usize {
        self.registry.snapshot().stores.len()
    }

    /// Asks the server to end, and waits until it has.
    fn end(self) {
        self.stop.send(()).unwrap();
        let served = self.runtime.block_on(async { tokio::time::timeout(LONG, self.served).await });
        served.expect("the server ends in time").unwrap().unwrap();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The sentence of a refusal.
    fn error(&self) -> String {
        self.json()["error"].as_str().expect("a sentence").to_owned()
    }
}

/// Begins a request. HTTP 1.0 has no chunks: the body ends with the connection.
fn send(address: SocketAddr, method: &str, path: &str, body: Option<&str>) -> std::io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONG))?;
    let body = body.unwrap_or_default();
    let head =
        format!("{method} {path} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
    Ok(BufReader::new(stream))
}

/// Reads status and headers.
fn status(stream: &mut impl BufRead) -> std::io::Result<u16> {
    let (mut first, mut line) = (String::new(), String::new());
    stream.read_line(&mut first)?;
    while stream.read_line(&mut line)? > 2 {
        line.clear();
    }
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::Error::other(format!("no status in {first:?}")))
}

fn try_ask(address: SocketAddr, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
    let mut stream = send(address, method, path, body)?;
    let status = status(&mut stream)?;
    let mut body = Vec::new();
    stream.read_to_end(&mut body)?;
    Ok(Answer { status, body })
}

fn ask(address: SocketAddr, method: &str, path: &str, body: Option<&str>) -> Answer {
    try_ask(address, method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

fn take(address: SocketAddr, tenant: &str, id: &str, text: &str) -> Answer {
    let note = json!({ "id": id, "text": text }).to_string();
    ask(address, "POST", &format!("/tenants/{tenant}/notes"), Some(&note))
}

/// The stream of a tenant's counts.
struct Live(BufReader<TcpStream>);

fn live(address: SocketAddr, tenant: &str) -> Live {
    let mut stream = send(address, "GET", &format!("/tenants/{tenant}/live"), None).unwrap();
    assert_eq!(status(&mut stream).unwrap(), 200);
    Live(stream)
}

impl Iterator for Live {
    type Item = u64;

    /// The next count; `None` when the server ends the stream.
    fn next(&mut self) -> Option<u64> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the next count comes in time") == 0 {
                return None;
            }
            if let Some(count) = line.strip_prefix("data: ") {
                return Some(count.trim().parse().unwrap());
            }
        }
    }
}

/// All files below a directory, by their names.
fn files(directory: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn open(directory: &Path, id: &str) -> TenantStore {
    let data = Sqlite::in_dir(directory).existing_only();
    block_on(TenantProvider::new().adapter(data).store_id(id).open().unwrap()).unwrap()
}

#[test]
fn a_tenant_is_made_takes_notes_and_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(&dir.path().join("data"));
    assert_eq!(server.ask("GET", "/tenants").json(), json!([]));
    assert_eq!(server.ask("PUT", "/tenants/linus").status, 201);
    assert_eq!(server.ask("PUT", "/tenants/ada").status, 201);
    assert_eq!(server.take("ada", "1", "grüße").status, 201);
    assert_eq!(server.ask("PUT", "/tenants/ada").status, 201, "making it again leaves it as it is");
    assert_eq!(server.ask("GET", "/tenants/ada/notes").json(), json!([{ "id": "1", "text": "grüße" }]));
    assert_eq!(server.ask("GET", "/tenants").json(), json!(["ada", "linus"]));
    server.end();
    let again = serve(&dir.path().join("data"));
    assert_eq!(again.ids("ada"), ["1"], "another server finds it");
}

#[test]
fn tenants_are_kept_apart() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    for tenant in ["one", "two"] {
        server.ask("PUT", &format!("/tenants/{tenant}"));
    }
    let (mut one, mut two) = (live(server.address, "one"), live(server.address, "two"));
    assert_eq!((one.next(), two.next()), (Some(0), Some(0)));
    for id in ["a", "b"] {
        assert_eq!(server.take("one", id, "mine").status, 201);
        one.next();
    }
    assert_eq!(server.take("two", "a", "the same id in another store").status, 201);
    assert_eq!(two.next(), Some(1), "it was told of its own note alone");
    assert_eq!((server.ids("one").as_slice(), server.ids("two").len()), (["a", "b"].map(String::from).as_slice(), 1));
}

#[test]
fn ids_that_mean_harm_are_answered_400_and_leave_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(&dir.path().join("data"));
    assert_eq!(server.ask("PUT", "/tenants/ada").status, 201);
    let before = files(&dir.path().join("data"));
    let too_long = "a".repeat(121);
    let hostile = [
        "..",
        ".",
        "%2e%2e",
        "%2E%2E",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2Fada",
        "a%2fb",
        "a%5cb",
        "%00",
        "ada%00",
        "ada.db",
        "ada%20",
        "%20",
        "Ada",
        "ADA",
        "%41da",
        "%f0%9f%98%80",
        "%ff",
        "a@b",
        "a:b",
        "tenant@ada",
        "%25",
        "%0d%0a",
        &too_long,
    ];
    for id in hostile {
        for (method, rest) in
            [("PUT", ""), ("DELETE", ""), ("GET", "/notes"), ("POST", "/notes"), ("GET", "/live"), ("GET", "/backup")]
        {
            let path = format!("/tenants/{id}{rest}");
            let body = r#"{ "id": "1", "text": "x" }"#;
            let answer = ask(server.address, method, &path, Some(body));
            assert_eq!(answer.status, 400, "{method} {path}: {answer:?}");
            assert!(!answer.body.is_empty(), "{method} {path} says why");
        }
    }
    assert_eq!(server.ask("PUT", &format!("/tenants/{}", &too_long[1..])).status, 201, "one byte less is an id");
    assert_eq!(server.ask("DELETE", &format!("/tenants/{}", &too_long[1..])).status, 204);
    assert_eq!(server.ask("GET", "/tenants").json(), json!(["ada"]));
    assert_eq!((files(&dir.path().join("data")), files(dir.path())), (before, vec!["data".to_owned()]));
    assert!(server.ask("PUT", "/tenants/a.b").error().contains("a store id is 1 to 120 of"));
}

#[test]
fn a_tenant_that_nobody_made_is_404_leaves_no_file_and_can_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(&dir.path().join("data"));
    for (method, rest) in [("DELETE", ""), ("GET", "/notes"), ("POST", "/notes"), ("GET", "/live"), ("GET", "/backup")]
    {
        let answer =
            ask(server.address, method, &format!("/tenants/nobody{rest}"), Some(r#"{ "id": "1", "text": "x" }"#));
        assert_eq!((answer.status, answer.error().as_str()), (404, "there is no such tenant"), "{method} {rest}");
    }
    assert_eq!((files(dir.path()), server.mounted()), (vec![], 0), "guesses cost nothing");
    assert_eq!(server.ask("PUT", "/tenants/nobody").status, 201);
    assert!(server.ids("nobody").is_empty());
}

#[test]
fn what_a_client_does_wrong_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    server.take("ada", "1", "first");
    let again = server.take("ada", "1", "second");
    assert_eq!(again.status, 409);
    assert!(again.error().contains("UNIQUE constraint failed: notes.id"), "{}", again.error());
    for (body, expected) in [("{", 400), ("[]", 422), (r#"{ "id": 1, "text": "x" }"#, 422), (r#"{ "id": "2" }"#, 422)] {
        assert_eq!(ask(server.address, "POST", "/tenants/ada/notes", Some(body)).status, expected, "{body}");
    }
    assert_eq!(server.ask("GET", "/").status, 404);
    assert_eq!(server.ask("POST", "/tenants/ada").status, 405);
    assert_eq!(server.ask("GET", "/tenants/ada/notes").json(), json!([{ "id": "1", "text": "first" }]));
}

#[test]
fn live_counts_come_after_commits_and_end_with_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    let (mut first, mut second) = (live(server.address, "ada"), live(server.address, "ada"));
    assert_eq!((first.next(), second.next()), (Some(0), Some(0)));
    for count in 1..=20 {
        assert_eq!(server.take("ada", &count.to_string(), "x").status, 201);
        assert_eq!((first.next(), second.next()), (Some(count), Some(count)));
    }
    assert_eq!(server.take("ada", "1", "refused").status, 409);
    assert_eq!(server.take("ada", "21", "x").status, 201);
    assert_eq!(first.next(), Some(21), "what was refused is not told");
    assert_eq!(server.ask("DELETE", "/tenants/ada").status, 204);
    assert_eq!((first.next(), second.last()), (None, Some(21)), "both end with the store");
}

#[test]
fn a_store_that_nobody_uses_is_closed_after_its_cache_time_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    server.take("ada", "1", "kept");
    server.clock.advance(CACHE_TIME - Duration::from_secs(1));
    assert_eq!((server.ids("ada").len(), server.mounted()), (1, 1), "a request in time keeps it open");
    server.clock.advance(CACHE_TIME - Duration::from_secs(1));
    assert_eq!(server.mounted(), 1);
    // In steps: the thread that measures the cache time may begin to only after the clock was moved.
    let is_closed = || {
        server.clock.advance(Duration::from_secs(1));
        server.mounted() == 0
    };
    wait_until("the store is closed", is_closed);
    wait_until("its log is gone", || files(dir.path()) == ["tenant@ada.db", "tenant@ada.lock"]);

    let mut counts = live(server.address, "ada");
    assert_eq!(counts.next(), Some(1), "it is opened again");
    assert!(server.registry.snapshot().stores[0].holders > 0, "who listens holds it");
    server.clock.advance(CACHE_TIME * 100);
    server.take("ada", "2", "told");
    assert_eq!((counts.next(), server.mounted()), (Some(2), 1), "it goes on");
    drop(counts);
    let is_unused = || server.registry.snapshot().stores.iter().all(|store| store.holders == 0);
    wait_until("the server sees that the client is gone", is_unused);
    wait_until("the store is closed again", is_closed);
}

#[test]
fn a_tenant_is_deleted_with_all_its_files_open_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    for tenant in ["open", "closed", "kept"] {
        server.ask("PUT", &format!("/tenants/{tenant}"));
        server.take(tenant, "1", "x");
    }
    block_on(server.registry.shutdown(&"closed".parse::<TenantKey>().unwrap())).unwrap();
    let mut counts = live(server.address, "open");
    assert_eq!(counts.next(), Some(1));
    for tenant in ["open", "closed"] {
        assert_eq!(server.ask("DELETE", &format!("/tenants/{tenant}")).status, 204);
        assert_eq!(server.ask("DELETE", &format!("/tenants/{tenant}")).status, 404);
        assert_eq!(server.ask("GET", &format!("/tenants/{tenant}/notes")).status, 404);
    }
    assert_eq!(counts.next(), None);
    assert!(files(dir.path()).iter().all(|file| file.starts_with("tenant@kept.")), "{:?}", files(dir.path()));
    assert_eq!(server.ask("PUT", "/tenants/open").status, 201);
    assert_eq!((server.ids("open").len(), server.ids("kept").len()), (0, 1), "a new one begins empty");
}

#[test]
fn deleting_under_requests_gives_each_of_them_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..4)
            .map(|thread| {
                let (server, is_over) = (&server, &is_over);
                scope.spawn(move || {
                    let (mut number, began) = (0, Instant::now());
                    while began.elapsed() < LONG && !is_over.load(Ordering::Relaxed) {
                        number += 1;
                        let status = server.take("ada", &format!("{thread}-{number}"), "x").status;
                        assert!([201, 404, 503].contains(&status), "{status}");
                    }
                })
            })
            .collect();
        for _ in 0..20 {
            assert_eq!(server.ask("PUT", "/tenants/ada").status, 201);
            assert_eq!(server.take("ada", "mine", "x").status, 201);
            assert_eq!(server.ask("DELETE", "/tenants/ada").status, 204);
        }
        is_over.store(true, Ordering::Relaxed);
        asking.into_iter().for_each(|asking| asking.join().unwrap());
    });
    assert_eq!(files(dir.path()), [""; 0]);
}

#[test]
fn a_store_that_is_open_elsewhere_is_503_until_it_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    server.take("ada", "1", "kept");
    block_on(server.registry.shutdown(&"ada".parse::<TenantKey>().unwrap())).unwrap();
    let elsewhere = open(dir.path(), "ada");
    for (method, rest) in [("GET", "/notes"), ("DELETE", "")] {
        let answer = server.ask(method, &format!("/tenants/ada{rest}"));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.error().contains("tenant@ada"), "no file is named: {}", answer.error());
    }
    drop(elsewhere);
    wait_until("the tenant is back", || server.ask("GET", "/tenants/ada/notes").status == 200);
    assert_eq!(server.ids("ada"), ["1"]);
}

#[test]
fn a_backup_is_a_store_as_it_was() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    for id in 0..50 {
        // So much that the download is many chunks.
        assert_eq!(server.take("ada", &format!("{id:02}"), &"long ".repeat(2_000)).status, 201);
    }
    let backup = server.ask("GET", "/tenants/ada/backup");
    assert!(backup.status == 200 && backup.body.len() > 500_000, "{}", backup.body.len());
    server.take("ada", "later", "x");
    let file = copies.path().join("download.db");
    fs::write(&file, &backup.body).unwrap();
    let (copy, data) = ("copy".parse::<TenantKey>().unwrap(), copies.path().join("data"));
    block_on(Sqlite::in_dir(&data).restore(&copy, &file)).unwrap();
    let copy = open(&data, "copy");
    let notes = copy.notes().order_by(|n| n.id.asc()).get().unwrap();
    assert_eq!((notes.len(), notes[49].id.as_str(), notes[49].text.len()), (50, "49", 10_000));
    assert_eq!(server.ids("ada").len(), 51);
}

/// Posts notes from four threads until the server hangs up; gives those that it acknowledged.
fn take_until_the_end(address: SocketAddr, stop: impl FnOnce()) -> Vec<String> {
    std::thread::scope(|scope| {
        let (sender, acknowledged) = std::sync::mpsc::channel();
        for thread in 0..4 {
            let sender = sender.clone();
            scope.spawn(move || {
                for number in 0.. {
                    let id = format!("{thread}-{number:05}");
                    let note = json!({ "id": id, "text": "x" }).to_string();
                    match try_ask(address, "POST", "/tenants/ada/notes", Some(&note)) {
                        Ok(answer) if answer.status == 201 => sender.send(id).unwrap(),
                        _ => break,
                    }
                }
            });
        }
        drop(sender);
        let mut ids: Vec<_> = acknowledged.iter().take(200).collect();
        stop();
        ids.extend(acknowledged);
        ids.sort();
        ids
    })
}

#[test]
fn a_server_that_is_asked_to_end_loses_nothing_that_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    server.ask("PUT", "/tenants/ada");
    let mut counts = live(server.address, "ada");
    assert_eq!(counts.next(), Some(0));
    let address = server.address;
    let mut took = Duration::MAX;
    let acknowledged = take_until_the_end(address, || {
        let asked = Instant::now();
        server.end();
        took = asked.elapsed();
    });
    assert!(acknowledged.len() >= 200);
    assert!(took < Duration::from_secs(10), "no request was waited for in vain, live ones among them: {took:?}");
    assert!(counts.last().is_some(), "the stream ended, so that the server could");
    let store = open(dir.path(), "ada");
    let kept: Vec<_> =
        store.notes().order_by(|n| n.id.asc()).get().unwrap().iter().map(|note| note.id.clone()).collect();
    assert!(acknowledged.iter().all(|id| kept.binary_search(id).is_ok()), "{} of {}", kept.len(), acknowledged.len());
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

/// The example, which `cargo test` builds beside the tests; where one test alone is built, it is built here.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join("examples/tenants");
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--example", "tenants"]).status().unwrap();
        assert!(built.success() && program.exists(), "run `cargo build --example tenants` first");
    }
    program
}

/// Ends the program when a test fails.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_program_which_prints_its_port_and_keeps_what_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(program());
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(dir.path().join("data")).stdout(Stdio::piped());
    let mut program = Program(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
    assert_eq!(ask(address, "PUT", "/tenants/ada", None).status, 201);
    let interrupt = || {
        let killed = Command::new("kill").args(["-INT", &program.0.id().to_string()]).status().unwrap();
        assert!(killed.success());
    };
    let acknowledged = take_until_the_end(address, interrupt);
    wait_until("the program ends", || program.0.try_wait().unwrap().is_some());
    assert!(program.0.wait().unwrap().success());
    let store = open(&dir.path().join("data"), "ada");
    let kept: Vec<_> =
        store.notes().order_by(|n| n.id.asc()).get().unwrap().iter().map(|note| note.id.clone()).collect();
    assert!(acknowledged.iter().all(|id| kept.binary_search(id).is_ok()), "{} of {}", kept.len(), acknowledged.len());
}
