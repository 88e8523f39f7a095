//! Whatever a visitor drops or pastes is imported or refused, and what is imported can be exported.
#![no_main]

use lanes::report::{export, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match import(text) {
        Ok(reports) => {
            for report in &reports {
                let _ = (report.title(), report.summary(), report.warnings());
                assert_eq!(report.experiment.validate(), Ok(()), "what cannot be run is refused");
            }
            let _ = (export::csv(&reports), export::markdown(&reports, "https://lanes.example/"));
            let exported = export::json(&reports);
            let again = import(&exported).unwrap_or_else(|error| panic!("{error}: {exported}"));
            assert_eq!(import(&export::json(&again)), Ok(again), "an export stays as it is");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
