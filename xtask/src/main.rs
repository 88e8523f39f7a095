//! `cargo xtask`: the commands that the README names.

use std::net::Ipv4Addr;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use xtask::check::{self, Part};
use xtask::engine::Engine;
use xtask::project::Project;
use xtask::server::{self, Headers, Host, Server};
use xtask::{build, python, setup, trust};

/// Sets up, builds, serves and tests Lanes. What is missing on this machine is installed first.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = setup::ENVIRONMENT)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page and serve it with the headers of production, until Ctrl-C
    Serve {
        /// The port to listen on [default: the first free one from 8080]
        #[arg(long)]
        port: Option<u16>,
        /// Leave out the headers that isolate the page, to see how it does without threads
        #[arg(long)]
        no_isolation: bool,
        /// Send none of the headers, as hosts do that read no `_headers`: the service worker then isolates the page
        #[arg(long, conflicts_with = "no_isolation")]
        no_headers: bool,
    },
    /// Build the folder to put on a host: dist/
    Build,
    /// Build the Python engine alone, into dist/python/
    Python {
        /// Build a slower program in a minute or two, to try a change of the engine
        #[arg(long)]
        quick: bool,
    },
    /// Run every check and test, or one part of them
    Test {
        /// The part to run
        part: Option<Part>,
        /// The browser to test the page in [default: all of them]
        #[arg(long)]
        engine: Option<Engine>,
        /// Run CPython's own tests, too, which takes most of an hour; for the part `python` alone
        #[arg(long)]
        all: bool,
    },
    /// Find out what works in which browser, and write it into the README
    Engines,
    /// Measure, in headless Chromium and on the host, what Lanes promises, and print it as a table
    Bench {
        /// Parts of the table, such as `scaling` or `forest` [default: all of them]
        parts: Vec<String>,
    },
    /// Measure whether the figures are true, and write it into TRUST.md
    Truth {
        /// Only see that it works: the figures say nothing
        #[arg(long)]
        smoke: bool,
    },
    /// Measure whether anything is left behind in the long run, and write it into TRUST.md
    Soak {
        /// Only see that it works: the figures say nothing
        #[arg(long)]
        smoke: bool,
    },
    /// Let libFuzzer think of links, imports and mails that nobody would write
    Fuzz {
        /// How long for each, in seconds
        #[arg(long, default_value_t = 120)]
        seconds: u32,
    },
    /// Take pictures of the page, into target/screenshots
    Screenshots,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let project = Project::open()?;
    match command {
        Command::Build => build::build(&project),
        Command::Python { quick } => python::build(&project, quick),
        Command::Test { part, engine, all } => check::test(&project, part, engine, all),
        Command::Engines => check::engines(&project),
        Command::Bench { parts } => check::bench(&project, &parts),
        Command::Truth { smoke } => trust::measure(&project, "truth", smoke),
        Command::Soak { smoke } => trust::measure(&project, "soak", smoke),
        Command::Fuzz { seconds } => trust::fuzz(&project, seconds),
        Command::Screenshots => check::screenshots(&project),
        Command::Serve { port, no_isolation, no_headers } => {
            build::build(&project)?;
            let headers = match (no_headers, no_isolation) {
                (true, _) => Headers::None,
                (_, true) => Headers::WithoutIsolation,
                _ => Headers::All,
            };
            serve(&project, port, headers)
        }
    }
}

#[tokio::main]
async fn serve(project: &Project, port: Option<u16>, headers: Headers) -> Result<()> {
    let listener = match port {
        Some(port) => server::listen(port).await.with_context(|| {
            format!("port {port} is taken: name another with --port, or none to have a free one")
        })?,
        None => server::listen_from(8080).await?,
    };
    let server = Server::start_as(listener, &project.dist(), Host { headers, path: "" })?;
    println!(
        "\nLanes is served at http://{}:{}/ (Ctrl-C ends it).",
        Ipv4Addr::LOCALHOST,
        server.address().port()
    );
    tokio::signal::ctrl_c().await.context("Ctrl-C cannot be listened for")
}
