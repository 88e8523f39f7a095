//! A product of two square matrices: what a native extension such as NumPy computes in Python's
//! place, and for which it lets go of the GIL.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::{Description, Kernel, Plain, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// The product A·B of two square matrices of float64.
#[derive(Clone, Copy, Debug)]
pub struct MatrixProduct;

/// Rows and columns of the tile of A·B that is computed at once: as many sums as fit into the
/// sixteen vector registers of x86.
pub const TILE: usize = 4;

/// Terms of a sum that are added up before the next tile's turn: with it, what is read again lies
/// in the fastest cache. One tile takes 2 µs.
const DEPTH: usize = 256;

/// Both factors, laid out in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// Their rows and columns, a multiple of [`TILE`].
    pub order: usize,
    /// A, [`TILE`] rows after the other, each of these column by column.
    a: Plain<[f64; TILE]>,
    /// B, [`TILE`] columns after the other, each of these row by row.
    b: Plain<[f64; TILE]>,
}

impl Factors {
    /// Lays out two matrices of that order, given row by row.
    pub fn new(order: usize, a: &[f64], b: &[f64]) -> Self {
        assert!(order.is_multiple_of(TILE) && a.len() == order * order && b.len() == order * order);
        let starts = || (0..order).step_by(TILE).flat_map(|start| (0..order).map(move |k| (start, k)));
        let tile = |element: &dyn Fn(usize) -> f64| std::array::from_fn(element);
        Self {
            order,
            a: starts().map(|(row, k)| tile(&|i| a[(row + i) * order + k])).collect(),
            b: starts().map(|(column, k)| tile(&|i| b[k * order + column + i])).collect(),
        }
    }
}

/// Some rows of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The first one, a multiple of [`TILE`].
    pub first: usize,
    /// How many there are, a multiple of [`TILE`].
    pub count: usize,
    /// How long they are.
    pub order: usize,
}

impl Kernel for MatrixProduct {
    type Shared = Factors;
    type Task = Rows;
    /// The rows' elements, row by row.
    type Output = Plain<f64>;

    const RELEASES_GIL: bool = true;

    /// Tiles, once for each part of their sums.
    fn units(rows: &Rows) -> u32 {
        (rows.count / TILE * (rows.order / TILE) * rows.order.div_ceil(DEPTH)) as u32
    }

    fn run<C: Checkpoint>(factors: &Factors, rows: &Rows, checkpoint: &mut C) -> Result<Plain<f64>, Stopped> {
        let order = factors.order;
        let mut product = vec![0.0; rows.count * order];
        let row_panels = factors.a[rows.first / TILE * order..][..rows.count / TILE * order].chunks(order);
        for depth in (0..order).step_by(DEPTH) {
            let terms = depth..order.min(depth + DEPTH);
            for (column, column_panel) in factors.b.chunks(order).enumerate() {
                for (row, row_panel) in row_panels.clone().enumerate() {
                    let tile = tile(&row_panel[terms.clone()], &column_panel[terms.clone()]);
                    let lines = product.chunks_mut(order).skip(row * TILE);
                    for (line, sums) in lines.zip(&tile) {
                        for (element, sum) in line[column * TILE..].iter_mut().zip(sums) {
                            *element += sum;
                        }
                    }
                }
                checkpoint.tick((rows.count / TILE) as u32)?;
            }
        }
        Ok(product.into())
    }
}

impl Workload for MatrixProduct {
    const DESCRIPTION: Description = Description {
        name: "matrix product",
        what: "Multiplies two matrices of float64, as a native extension does that releases the GIL.",
        python: "a @ b",
        sizes: ["256 × 256", "768 × 768", "1536 × 1536"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let (order, count) = match request.size {
            Size::S => (256, TILE),
            Size::M => (768, 3 * TILE),
            Size::L => (1536, 6 * TILE),
        };
        let mut rng = Rng::with_seed(request.seed);
        let mut matrix = || -> Vec<f64> { (0..order * order).map(|_| rng.f64() - 0.5).collect() };
        let shared = Factors::new(order, &matrix(), &matrix());
        let tasks = (0..order).step_by(count).map(|first| Rows { first, count, order }).collect();
        Inputs::new(shared, tasks)
    }

    fn checksum(outputs: &[Plain<f64>]) -> u64 {
        fold(outputs.iter().flat_map(|rows| rows.iter()).map(|element| element.to_bits()))
    }
}

/// Multiplies [`TILE`] rows of A by [`TILE`] columns of B.
#[inline(always)]
fn tile(rows: &[[f64; TILE]], columns: &[[f64; TILE]]) -> [[f64; TILE]; TILE] {
    let mut sums = [[0.0; TILE]; TILE];
    for (row, column) in rows.iter().zip(columns) {
        for i in 0..TILE {
            for j in 0..TILE {
                sums[i][j] += row[i] * column[j];
            }
        }
    }
    sums
}
