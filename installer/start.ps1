# The Windows twin of start.sh. NOT YET TRIED on Windows: written from the Linux script.
# Sets everything up, makes the demonstration trust once and opens the window on it.
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $PSScriptRoot
$environment = Join-Path $here ".venv"
$python = Join-Path $environment "Scripts\python.exe"
$demonstration = Join-Path $here "demo-trust"

if (-not (Test-Path $python)) {
    Write-Host "Setting up the environment in .venv (a minute, once)"
    py -3 -c "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))"
    if ($LASTEXITCODE -ne 0) {
        throw "ODBST Desktop needs Python 3.11, 3.12 or 3.13. Install it and run this again."
    }
    py -3 -m venv $environment
    & $python -m pip install --quiet --require-hashes -r (Join-Path $here "installer\requirements.txt")
    if ($LASTEXITCODE -ne 0) { throw "The packages could not be installed." }
    & $python -m pip install --quiet --no-deps --no-build-isolation -e $here
    if ($LASTEXITCODE -ne 0) { throw "The program could not be installed." }
}
$passphrase = Join-Path $demonstration "passphrase.txt"
if (-not (Test-Path (Join-Path $demonstration "collated.csv"))) {
    if (Test-Path $demonstration) { Remove-Item -Recurse -Force $demonstration }
    Write-Host "Making the demonstration trust in demo-trust (ten seconds, once)"
    & $python -m odbst_desktop demo $demonstration
    if ($LASTEXITCODE -ne 0) { throw "The demonstration trust could not be made." }
}
Write-Host "The passphrase of every vault in demo-trust is: $(Get-Content $passphrase)"
& $python -m odbst_desktop open (Join-Path $demonstration "oakfield")
