//! Whatever stands behind the `#` of an address is read or refused, and what is read can be shown and
//! written again.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lanes::report::{export, import, link::{self, Link, VERSION}};
use lanes::workload::fold;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // As it is, for the text around the content.
    let _ = link::decode(&String::from_utf8_lossy(data));
    // And as content with the version and the checksum that a link has, which nobody hits by chance.
    let Some((&kind, content)) = data.split_first() else { return };
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(content);
    let sum = fold(bytes.iter().copied().map(u64::from)) as u16;
    bytes.extend(sum.to_le_bytes());
    let kind = if kind % 2 == 0 { 'x' } else { 'r' };
    match link::decode(&format!("#{kind}={}", URL_SAFE_NO_PAD.encode(bytes))) {
        Ok(Link::Experiment(experiment)) => {
            assert_eq!(experiment.validate(), Ok(()), "what cannot be run is refused");
            // What the workload has no use for is not written; what is written then stays as it is.
            let written = link::of_experiment(&experiment);
            let Ok(Link::Experiment(again)) = link::decode(&written) else { panic!("{written} is refused") };
            assert_eq!(link::of_experiment(&again), written);
        }
        Ok(Link::Reports(reports)) => {
            for report in &reports {
                let _ = (report.title(), report.summary(), report.warnings());
            }
            let _ = (export::csv(&reports), export::markdown(&reports, "https://lanes.example/"));
            let exported = export::json(&reports);
            let again = import(&exported).unwrap_or_else(|error| panic!("{error}: {exported}"));
            assert_eq!(import(&export::json(&again)), Ok(again), "an export stays as it is");
            let written = link::of_reports(&reports);
            let Ok(Link::Reports(again)) = link::decode(&written) else { panic!("{written} is refused") };
            assert_eq!(link::of_reports(&again), written);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
