//! What the browser takes of the machine: looked at from outside.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use thirtyfour::WebDriver;

use crate::support::Page;

/// What the browser's processes hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// The workers that run.
    pub workers: u64,
    /// Memory in bytes; what several processes share counts once.
    pub memory: u64,
    /// Files, pipes and sockets that are open.
    pub handles: u64,
}

impl Load {
    /// Looks at it when what is not needed any more is gone: until no worker is left and three looks in a row
    /// see no more memory go, or half a minute is over.
    pub async fn settled(page: &Page) -> Result<Self> {
        Self::settled_of(&page.driver, page.group()).await
    }

    /// As [`Load::settled`], of any browser and the group of its processes.
    pub async fn settled_of(session: &WebDriver, group: u32) -> Result<Self> {
        const PAUSE: Duration = Duration::from_secs(2);
        const ALIKE: u32 = 3;
        let mut last = Self::now(session, group).await?;
        let mut alike = 0;
        for _ in 0..15 {
            tokio::time::sleep(PAUSE).await;
            let now = Self::now(session, group).await?;
            let is_alike = now.workers == 0 && now.memory as f64 >= 0.99 * last.memory as f64;
            alike = if is_alike { alike + 1 } else { 0 };
            last = now;
            if alike == ALIKE {
                break;
            }
        }
        Ok(last)
    }

    async fn now(session: &WebDriver, group: u32) -> Result<Self> {
        // What is kept only because nobody needed the room is not held.
        let cdp = session.cdp();
        cdp.send_raw("HeapProfiler.collectGarbage", serde_json::json!({})).await?;
        cdp.send_raw("Memory.simulatePressureNotification", serde_json::json!({ "level": "critical" }))
            .await?;
        let mut load = Self::default();
        for process in processes(group)? {
            // A process may end while it is looked at.
            load.add(&process).unwrap_or_default();
        }
        ensure!(load.memory > 0, "the browser's processes cannot be looked at");
        Ok(load)
    }

    fn add(&mut self, process: &str) -> Result<()> {
        let smaps = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let pss = smaps.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
        self.memory += pss.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024;
        self.handles += fs::read_dir(format!("/proc/{process}/fd"))?.count() as u64;
        for task in fs::read_dir(format!("/proc/{process}/task"))?.flatten() {
            let name = fs::read_to_string(task.path().join("comm")).unwrap_or_default();
            self.workers += u64::from(name.starts_with("DedicatedWorker"));
        }
        Ok(())
    }

    /// This in words, beside what it was before.
    pub fn beside(&self, before: &Self) -> String {
        let megabytes = |bytes: u64| bytes / (1 << 20);
        format!(
            "workers {} → {}, memory {} → {} MB, handles {} → {}",
            before.workers,
            self.workers,
            megabytes(before.memory),
            megabytes(self.memory),
            before.handles,
            self.handles
        )
    }

    /// Whether nothing has become more than a tenth more.
    pub fn is_back_at(&self, before: &Self) -> bool {
        let is_back = |now: u64, before: u64| 10 * now <= 11 * before;
        is_back(self.workers, before.workers)
            && is_back(self.memory, before.memory)
            && is_back(self.handles, before.handles)
    }
}

/// The processes of a group.
fn processes(group: u32) -> Result<Vec<String>> {
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name stands in brackets and may hold anything; state, parent and group follow it.
        let group_of = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2));
        if group_of == Some(group.to_string().as_str()) {
            processes.push(id);
        }
    }
    Ok(processes)
}
