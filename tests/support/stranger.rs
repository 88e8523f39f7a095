//! A site of somebody else's, which puts down what it is asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Result;

/// It answers `/open` to any page, `/closed` to its own pages only, and nothing else.
pub struct Stranger {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    asked: Mutex<Vec<String>>,
    ends: AtomicBool,
}

impl Stranger {
    /// It listens at a free port.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let its = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if its.ends.load(Ordering::Relaxed) {
                    return;
                }
                let its = Arc::clone(&its);
                // Who has gone away needs no answer.
                thread::spawn(move || drop(its.answer(stream)));
            }
        });
        Ok(Self { address, shared })
    }

    /// The address of one of its pages.
    pub fn page(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of all requests that came, with what stands in them.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().expect("no request panics").clone()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::Relaxed);
        // It looks when somebody comes.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = String::new();
        let mut lines = BufReader::new(stream.try_clone()?);
        while lines.read_line(&mut head)? > 2 {}
        // A browser may open a connection and ask for nothing.
        let Some(path) = head.split(' ').nth(1).map(str::to_owned) else { return Ok(()) };
        self.asked.lock().expect("no request panics").push(head);
        let (status, allows) = match path.as_str() {
            "/open" => ("200 OK", "Access-Control-Allow-Origin: *\r\n"),
            "/closed" => ("200 OK", ""),
            _ => ("404 Not Outcome", "Access-Control-Allow-Origin: *\r\n"),
        };
        let body = "<!doctype html><title>Somebody else’s</title>";
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n{allows}Connection: close\r\n\r\n{body}",
            body.len()
        )
    }
}
