//! A browser that opens pages and takes keys and clicks, by the Chrome DevTools Protocol over a pipe.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long one test may use the browser.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one page. It ends with this value.
pub(crate) struct Browser {
    child: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: Option<String>,
    sent: u64,
    started: Instant,
}

impl Browser {
    /// Starts the browser with a profile of its own in `folder`; `None` where the machine has none.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let name = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| on_path(name))?;
        // The browser reads commands from file 3 and writes to file 4.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, "sh", name])
            .args(["--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1400,900"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let (input, output) = (child.stdin.take().expect("it is piped"), child.stdout.take().expect("it is piped"));
        let child = Arc::new(Mutex::new(child));
        let watched = Arc::downgrade(&child);
        let started = Instant::now();
        // What never comes ends with the browser, so that nobody waits for it without end.
        thread::spawn(move || {
            while let Some(child) = watched.upgrade() {
                if started.elapsed() > PATIENCE {
                    let _ = child.lock().map(|mut child| child.kill());
                }
                drop(child);
                thread::sleep(Duration::from_millis(200));
            }
        });
        Some(Self { child, input, output: BufReader::new(output), session: None, sent: 0, started })
    }

    /// Opens a page and waits until `ready` is true there.
    pub(crate) fn open(&mut self, url: &str, ready: &str) {
        self.session = None;
        let target = self.send("Target.createTarget", &json!({ "url": url }));
        let attached = self.send("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }));
        self.session = attached["sessionId"].as_str().map(ToOwned::to_owned);
        self.wait(ready);
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn wait(&mut self, expression: &str) {
        while self.evaluate(expression) != Value::Bool(true) {
            assert!(self.started.elapsed() < PATIENCE, "it never came true: {expression}");
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// What an expression is on the page, once frames that were asked for are painted.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let told =
            self.send("Runtime.evaluate", &json!({ "expression": expression, "returnByValue": true, "awaitPromise": true }));
        assert_eq!(told.get("exceptionDetails"), None, "{expression}");
        told["result"]["value"].clone()
    }

    /// Presses and releases a key such as `ArrowDown`, `Enter`, `Escape`, `Tab` or a letter.
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            letter => letter.bytes().next().map_or(0, |byte| i32::from(byte.to_ascii_uppercase())),
        };
        let text = match key {
            "Enter" => "\r",
            letter if letter.len() == 1 => letter,
            _ => "",
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        self.send("Input.dispatchKeyEvent", &json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text }));
        self.send("Input.dispatchKeyEvent", &json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }));
    }

    /// Types text where the cursor is.
    pub(crate) fn text(&mut self, text: &str) {
        self.send("Input.insertText", &json!({ "text": text }));
    }

    /// Brings what an expression finds into sight and clicks into its first line.
    #[track_caller]
    pub(crate) fn click(&mut self, element: &str) {
        let at = self.evaluate(&format!(
            "(() => {{ const it = {element}; it.scrollIntoView({{ block: 'center' }}); const box = it.getClientRects()[0]; return [box.x + Math.min(box.width / 2, 20), box.y + Math.min(box.height / 2, 10)]; }})()"
        ));
        for (kind, buttons) in [("mousePressed", 1), ("mouseReleased", 0)] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "buttons": buttons, "clickCount": 1 });
            self.send("Input.dispatchMouseEvent", &event);
        }
    }

    /// Emulates the media feature `prefers-color-scheme`: `light` or `dark`.
    pub(crate) fn prefer(&mut self, scheme: &str) {
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.send("Emulation.setEmulatedMedia", &json!({ "features": feature }));
    }

    fn send(&mut self, method: &str, parameters: &Value) -> Value {
        self.sent += 1;
        let mut command = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{command}\0").as_bytes()).expect("the browser takes commands");
        loop {
            let mut message = Vec::new();
            self.output.read_until(0, &mut message).expect("the browser can be read");
            assert!(!message.is_empty(), "the browser ended before it answered to {method}");
            message.pop();
            let message: Value = serde_json::from_slice(&message).expect("the browser writes JSON");
            if message["id"] == json!(self.sent) {
                assert_eq!(message.get("error"), None, "{method}");
                return message["result"].clone();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
