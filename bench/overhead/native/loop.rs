//! A bare loop around ONNX Runtime's C API, one thread. Arguments: the library, then for each model `path,input,rows,width`.
//! For each line `model milliseconds` on stdin it writes the milliseconds of every call as one line of JSON.

use ort::session::Session;
use ort::value::TensorRef;
use std::error::Error;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

struct Model {
    session: Session,
    input: Vec<f32>,
    shape: [usize; 2],
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let library = arguments.next().ok_or("the library is missing")?;
    let environment = ort::init_from(library)?.build()?;
    let mut models = arguments.map(|model| load(&environment, &model)).collect::<Result<Vec<_>, _>>()?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "[]")?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (model, milliseconds) = line.split_once(' ').ok_or("expected: model milliseconds")?;
        let calls = time_calls(&mut models[model.parse::<usize>()?], milliseconds.parse()?)?;
        writeln!(stdout, "{calls:?}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn load(environment: &ort::environment::Environment, model: &str) -> Result<Model, Box<dyn Error>> {
    let [path, input, rows, width] = model.split(',').collect::<Vec<_>>()[..] else {
        return Err("expected: path,input,rows,width".into());
    };
    let session = Session::builder(environment)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .commit_from_file(path)?;
    let bytes = std::fs::read(input)?;
    let input = bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    Ok(Model { session, input, shape: [rows.parse()?, width.parse()?] })
}

fn time_calls(model: &mut Model, milliseconds: u64) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut calls = Vec::new();
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while Instant::now() < end {
        let start = Instant::now();
        let input = TensorRef::from_array_view((model.shape, &model.input[..]))?;
        let outputs = model.session.run(ort::inputs!["x" => input])?;
        drop(outputs);
        calls.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(calls)
}
