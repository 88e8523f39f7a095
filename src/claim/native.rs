//! Native code that lets go of the lock.

use super::judgement::{Holding, Judgement, ratio_text};
use super::scaling::{all_cores, ensure_several};
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::format;
use crate::stats::MARGIN;
use crate::workload::WorkloadId;

fn product(cores: u32, native_releases_gil: bool) -> Experiment {
    Experiment {
        workload: WorkloadId::MatrixProduct,
        models: vec![Model::Serial, Model::ThreadsGil],
        lane_counts: vec![all_cores(cores)],
        native_releases_gil,
        min_rounds: 8,
        budget_ms: 2_500,
        ..Experiment::default()
    }
}

/// The claim that native code scales on threads even under a lock.
pub static NATIVE_EXT: Claim = Claim {
    id: "native-ext",
    chapter: Chapter::Gil,
    statement: "Native code that releases the GIL scales on threads even under the GIL.",
    because: "The {GIL} protects the interpreter, not the numbers. {Native code} such as NumPy's lets go of it while it computes, and takes it again when it has something to hand to Python.",
    drawing: &["released | hcccccch", "| whcccccch", "kept | hhhhhhhhwwwwwwww", "| wwwwwwwwhhhhhhhh"],
    author: &[],
    needs: |cores| [true, false].map(|releases| Measurement::Experiment(product(cores, releases))).to_vec(),
    rule: "One matrix product, as many threads as cores, under a GIL. Holds if they clearly gain more than 5 % over the plain loop where the kernel lets go of the lock, and clearly no more where it does not. Refuted if either is clearly not the case.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let n = all_cores(cores);
        let released = evidence.speed_up(&product(cores, true), Model::ThreadsGil, n)?;
        let kept = evidence.speed_up(&product(cores, false), Model::ThreadsGil, n)?;
        Ok(Judgement {
            holding: Holding::of(
                released.lo > 1.0 + MARGIN && kept.hi <= 1.0 + MARGIN,
                released.hi <= 1.0 + MARGIN || kept.lo > 1.0 + MARGIN,
            ),
            why: format!(
                "{n} threads multiply {} as fast as the plain loop where the lock is released, and {} where it is kept.",
                format::ratio(released.value),
                format::ratio(kept.value)
            ),
            figures: vec![
                (format!("{n} threads, released"), ratio_text(released)),
                (format!("{n} threads, kept"), ratio_text(kept)),
            ],
        })
    },
    in_browser: "",
    python: include_str!("python/native_ext.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Serial, ThreadsGil};
        let run = |released, kept, spread| {
            let run =
                super::made::of(&product(2, true), spread, &[(Serial, 1, 51.5), (ThreadsGil, 2, released)]);
            run.and(&product(2, false), spread, &[(Serial, 1, 51.5), (ThreadsGil, 2, kept)]).0
        };
        [run(27.1, 51.9, 0.02), run(51.7, 51.9, 0.02), run(48.5, 51.9, 0.09)]
    },
};
