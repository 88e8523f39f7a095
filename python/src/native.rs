//! `lanes`: native code for readers' scripts, in the place of NumPy, which is not to be had here.

use rustpython_vm as vm;

pub(crate) use lanes::module_def;

/// Native code that lets go of the GIL while it computes, as NumPy does, or keeps it.
#[vm::pymodule]
mod lanes {
    use super::vm::builtins::PyIntRef;
    use super::vm::function::ArgBytesLike;
    use super::vm::{FromArgs, PyResult, VirtualMachine};

    #[derive(FromArgs)]
    struct MatmulArgs {
        #[pyarg(positional)]
        a: ArgBytesLike,
        #[pyarg(positional)]
        b: ArgBytesLike,
        #[pyarg(any, optional)]
        inner: Option<PyIntRef>,
        #[pyarg(named, default = true)]
        release_gil: bool,
    }

    /// matmul(a, b, inner=None, *, release_gil=True): the product of two matrices of float64, as array.array('d').
    ///
    /// Both are array.array('d') or bytes, row after row. `inner` is the number of columns of `a`, which is that of rows
    /// of `b`; without it both are square. Other threads run Python meanwhile, unless `release_gil` is false.
    #[pyfunction]
    fn matmul(args: MatmulArgs, vm: &VirtualMachine) -> PyResult {
        let inner = args.inner.map(|inner| inner.try_to_primitive::<usize>(vm)).transpose()?;
        let a = numbers(&args.a, vm)?;
        let b = numbers(&args.b, vm)?;
        let inner = inner.unwrap_or_else(|| a.len().isqrt());
        if inner == 0 || a.len() % inner != 0 || b.len() % inner != 0 {
            let text = format!(
                "{} and {} numbers make no matrices that fit: {inner} columns of a, {inner} rows of b",
                a.len(),
                b.len()
            );
            return Err(vm.new_value_error(text));
        }
        let compute = || product(&a, &b, inner);
        let c = if args.release_gil { vm.allow_threads(compute) } else { compute() };
        let bytes: Vec<u8> = c.iter().flat_map(|number| number.to_ne_bytes()).collect();
        let array = vm.import("array", 0)?.get_attr("array", vm)?;
        array.call((vm.ctx.new_str("d"), vm.ctx.new_bytes(bytes)), vm)
    }

    fn numbers(bytes: &ArgBytesLike, vm: &VirtualMachine) -> PyResult<Vec<f64>> {
        bytes.with_ref(|bytes| {
            let (numbers, rest) = bytes.as_chunks();
            match rest {
                [] => Ok(numbers.iter().map(|number| f64::from_ne_bytes(*number)).collect()),
                _ => Err(vm.new_value_error("a float64 has 8 bytes, and there are some too many")),
            }
        })
    }

    /// Row by row, so that memory is read in its order.
    fn product(a: &[f64], b: &[f64], inner: usize) -> Vec<f64> {
        let columns = b.len() / inner;
        let mut c = vec![0.0; a.len() / inner * columns];
        if columns > 0 {
            for (row, into) in a.chunks_exact(inner).zip(c.chunks_exact_mut(columns)) {
                for (factor, other) in row.iter().zip(b.chunks_exact(columns)) {
                    into.iter_mut().zip(other).for_each(|(sum, number)| *sum += factor * number);
                }
            }
        }
        c
    }
}
