//! A stopwatch outside of the browser, which a worker presses by a request.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// A stopwatch. Its clock is that of this process.
pub struct Stopwatch {
    port: u16,
    presses: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Stopwatch {
    /// Starts one at a free port. It runs until this program ends.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let presses = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&presses);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A request that breaks off is noticed by the press that is missing.
                let _ = answer(stream, &noted);
            }
        });
        Ok(Self { port, presses })
    }

    /// Where it is pressed: by a request for `/begin` or `/end`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The times between each begin and the end that followed it.
    ///
    /// # Errors
    /// When begins and ends do not alternate.
    pub fn times(&self) -> Result<Vec<Duration>> {
        let presses = self.presses.lock().expect("nobody panics with it");
        ensure!(presses.len() % 2 == 0, "a press is missing");
        presses
            .chunks(2)
            .map(|pair| {
                ensure!(pair[0].0 == "/begin" && pair[1].0 == "/end", "begins and ends do not alternate");
                Ok(pair[1].1 - pair[0].1)
            })
            .collect()
    }
}

fn answer(mut stream: TcpStream, presses: &Mutex<Vec<(String, Instant)>>) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let now = Instant::now();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    presses.lock().expect("nobody panics with it").push((path, now));
    // The rest of the request is nothing to this, but is to be read before the answer.
    while line != "\r\n" {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            break;
        }
    }
    stream.write_all(
        b"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\nConnection: close\r\n\r\n",
    )?;
    Ok(())
}
