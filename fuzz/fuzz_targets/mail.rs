//! Whatever a server sends for a mail has facts or none, and takes no time worth telling.
#![no_main]

use lanes::workload::io::facts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|mail: &[u8]| {
    if let Some(facts) = facts(mail) {
        assert!(facts.weekday < 7, "{facts:?}");
    }
});
