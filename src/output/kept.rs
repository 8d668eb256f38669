//! Which lines stand in the files of a paper?

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::Fault;

/// Gives `each` every whole line in the files of a paper below the output folder, the oldest day first; also of files that somebody
/// has packed with gzip.
///
/// # Errors
///
/// When a file can't be read.
pub fn kept_lines(folder: &Path, site: &str, mut each: impl FnMut(&[u8])) -> Result<(), Fault> {
    let folder = folder.join(site);
    for path in files(&folder).map_err(|source| Fault::new(&folder, source))? {
        read(&path, &mut each).map_err(|source| Fault::new(&path, source))?;
    }
    Ok(())
}

/// The names of the folders below the output folder that may be papers', in order: also of papers that go by another id now.
///
/// # Errors
///
/// When the folder can't be read.
pub fn kept_sites(folder: &Path) -> Result<Vec<String>, Fault> {
    let read = || match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default())).collect::<io::Result<Vec<_>>>(),
    };
    let mut sites = read().map_err(|source| Fault::new(folder, source))?;
    sites.retain(|site| !site.is_empty() && !site.starts_with('.'));
    sites.sort_unstable();
    Ok(sites)
}

/// Gives `each` every whole line of one file from this byte on.
///
/// # Errors
///
/// When the file can't be read.
pub fn lines_from(folder: &Path, name: &str, from: u64, mut each: impl FnMut(&[u8])) -> Result<(), Fault> {
    let path = folder.join(name);
    let mut read = || {
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(from))?;
        whole_lines(file, &mut each)
    };
    read().map_err(|source| Fault::new(&path, source))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        // What stands in the way of the folder is told by whoever writes there.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    let packed = |path: &Path| path.extension().is_some_and(|extension| extension == "gz");
    let lines = |path: &Path| path.extension().is_some_and(|extension| extension == "jsonl");
    files.retain(|path| lines(path) || (packed(path) && lines(&path.with_extension(""))));
    files.sort_unstable();
    Ok(files)
}

fn read(path: &Path, each: &mut impl FnMut(&[u8])) -> io::Result<()> {
    let file = File::open(path)?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let plain: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    whole_lines(plain, each)
}

fn whole_lines(file: impl Read, each: &mut impl FnMut(&[u8])) -> io::Result<()> {
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.ends_with(b"\n") {
            each(&line[..line.len() - 1]);
        }
        line.clear();
    }
    Ok(())
}
