//! An experiment: what differs from what is usual.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use super::network::{put_network, take_network, usual_network};
use super::point::{put_point_name, take_point_name};
use super::{MODELS, by_number, index_of, put_known, set_bits, take_bits, take_count, take_known};
use crate::domain::{Model, Point, PoolCall, Scaling, Size, Start};
use crate::experiment::Experiment;
use crate::report::essential;
use crate::workload::WorkloadId;

pub mod bit {
    pub const WORKLOAD: u32 = 1;
    pub const SIZE: u32 = 1 << 1;
    pub const MODELS: u32 = 1 << 2;
    pub const LANE_COUNTS: u32 = 1 << 3;
    pub const WEAK: u32 = 1 << 4;
    pub const COLD: u32 = 1 << 5;
    pub const CALL: u32 = 1 << 6;
    pub const CHUNK_SIZE: u32 = 1 << 7;
    pub const NATIVE_HOLDS_GIL: u32 = 1 << 8;
    pub const SWITCH_INTERVAL: u32 = 1 << 9;
    pub const MIN_ROUNDS: u32 = 1 << 10;
    pub const MAX_ROUNDS: u32 = 1 << 11;
    pub const BUDGET: u32 = 1 << 12;
    pub const SEED: u32 = 1 << 13;
    pub const NETWORK: u32 = 1 << 14;
    pub const STEPS: u32 = 1 << 15;
    /// Every bit that is in use.
    pub const ALL: u32 = (1 << 16) - 1;
}

/// The workloads by their number. One that is not here is named, and may be appended.
pub const WORKLOADS: [WorkloadId; 13] = [
    WorkloadId::CosineSum,
    WorkloadId::BigProduct,
    WorkloadId::Primes,
    WorkloadId::Squares,
    WorkloadId::MatrixProduct,
    WorkloadId::Simulation,
    WorkloadId::Forest,
    WorkloadId::Models,
    WorkloadId::Images,
    WorkloadId::Addresses,
    WorkloadId::Page,
    WorkloadId::Mailbox,
    WorkloadId::Pipeline,
];

by_number!(SIZES: Size [M, S, L]);
by_number!(CALLS: PoolCall [Map, Imap, ImapUnordered, ApplyAsync]);

/// What is left out of a link.
pub fn frozen_defaults() -> Experiment {
    Experiment {
        workload: WorkloadId::CosineSum,
        size: Size::M,
        models: vec![Model::Serial, Model::Threads, Model::ThreadsGil, Model::Processes],
        lane_counts: vec![1, 2, 4],
        scaling: Scaling::Strong,
        start: Start::Warm,
        call: PoolCall::Map,
        chunk_size: 0,
        native_releases_gil: true,
        switch_interval_us: 5_000,
        min_rounds: 6,
        max_rounds: 30,
        budget_ms: 20_000,
        seed: 1,
        network: usual_network(),
        steps: [
            Point { model: Model::Threads, lanes: 16 },
            Point { model: Model::Processes, lanes: 2 },
            Point { model: Model::Threads, lanes: 4 },
        ],
    }
}

/// Writes what is not usual.
pub fn put_experiment(writer: &mut Writer, experiment: &Experiment) {
    let (usual, experiment) = (frozen_defaults(), &essential(experiment));
    let changed = [
        (bit::WORKLOAD, experiment.workload != usual.workload),
        (bit::SIZE, experiment.size != usual.size),
        (bit::MODELS, experiment.models != usual.models),
        (bit::LANE_COUNTS, experiment.lane_counts != usual.lane_counts),
        (bit::WEAK, experiment.scaling == Scaling::Weak),
        (bit::COLD, experiment.start == Start::Cold),
        (bit::CALL, experiment.call != usual.call),
        (bit::CHUNK_SIZE, experiment.chunk_size != usual.chunk_size),
        (bit::NATIVE_HOLDS_GIL, !experiment.native_releases_gil),
        (bit::SWITCH_INTERVAL, experiment.switch_interval_us != usual.switch_interval_us),
        (bit::MIN_ROUNDS, experiment.min_rounds != usual.min_rounds),
        (bit::MAX_ROUNDS, experiment.max_rounds != usual.max_rounds),
        (bit::BUDGET, experiment.budget_ms != usual.budget_ms),
        (bit::SEED, experiment.seed != usual.seed),
        (bit::NETWORK, experiment.network != usual.network),
        (bit::STEPS, experiment.steps != usual.steps),
    ];
    let bits = set_bits(&changed);
    writer.number(bits);
    let has = |bit| bits & bit != 0;
    if has(bit::WORKLOAD) {
        put_known(writer, &WORKLOADS, &experiment.workload, experiment.workload.id());
    }
    if has(bit::SIZE) {
        writer.number(index_of(SIZES, &experiment.size));
    }
    if has(bit::MODELS) {
        writer.number(experiment.models.len() as u32);
        experiment.models.iter().for_each(|model| writer.number(index_of(MODELS, model)));
    }
    if has(bit::LANE_COUNTS) {
        writer.number(experiment.lane_counts.len() as u32);
        experiment.lane_counts.iter().for_each(|&lanes| writer.number(lanes));
    }
    if has(bit::CALL) {
        writer.number(index_of(CALLS, &experiment.call));
    }
    for (bit, number) in [
        (bit::CHUNK_SIZE, experiment.chunk_size),
        (bit::SWITCH_INTERVAL, experiment.switch_interval_us),
        (bit::MIN_ROUNDS, experiment.min_rounds),
        (bit::MAX_ROUNDS, experiment.max_rounds),
        (bit::BUDGET, experiment.budget_ms),
    ] {
        if has(bit) {
            writer.number(number);
        }
    }
    if has(bit::SEED) {
        writer.number(experiment.seed);
    }
    if has(bit::NETWORK) {
        put_network(writer, &experiment.network);
    }
    if has(bit::STEPS) {
        experiment.steps.iter().for_each(|&step| put_point_name(writer, step));
    }
}

/// Reads an experiment, which has to be one that can be run.
pub fn take_experiment(reader: &mut Reader) -> Result<Experiment, LinkError> {
    let bits = take_bits(reader, bit::ALL)?;
    let has = |bit| bits & bit != 0;
    let mut experiment = frozen_defaults();
    if has(bit::WORKLOAD) {
        experiment.workload = match reader.number::<usize>()? {
            0 => WorkloadId::from_id(reader.text()?).ok_or(LinkError::Newer)?,
            number => *WORKLOADS.get(number - 1).ok_or(LinkError::Newer)?,
        };
    }
    if has(bit::SIZE) {
        experiment.size = take_known(reader, SIZES)?;
    }
    if has(bit::MODELS) {
        let count = take_count(reader)?;
        experiment.models = (0..count).map(|_| take_known(reader, MODELS)).collect::<Result<_, _>>()?;
    }
    if has(bit::LANE_COUNTS) {
        let count = take_count(reader)?;
        experiment.lane_counts = (0..count).map(|_| reader.number()).collect::<Result<_, _>>()?;
    }
    if has(bit::WEAK) {
        experiment.scaling = Scaling::Weak;
    }
    if has(bit::COLD) {
        experiment.start = Start::Cold;
    }
    if has(bit::CALL) {
        experiment.call = take_known(reader, CALLS)?;
    }
    experiment.native_releases_gil = !has(bit::NATIVE_HOLDS_GIL);
    for (bit, number) in [
        (bit::CHUNK_SIZE, &mut experiment.chunk_size),
        (bit::SWITCH_INTERVAL, &mut experiment.switch_interval_us),
        (bit::MIN_ROUNDS, &mut experiment.min_rounds),
        (bit::MAX_ROUNDS, &mut experiment.max_rounds),
        (bit::BUDGET, &mut experiment.budget_ms),
    ] {
        if has(bit) {
            *number = reader.number()?;
        }
    }
    if has(bit::SEED) {
        experiment.seed = reader.number()?;
    }
    if has(bit::NETWORK) {
        experiment.network = take_network(reader)?;
    }
    if has(bit::STEPS) {
        for step in &mut experiment.steps {
            *step = take_point_name(reader)?;
        }
    }
    experiment.validate().map_err(LinkError::Experiment)?;
    Ok(experiment)
}
