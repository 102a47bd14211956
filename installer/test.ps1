# The Windows twin of test.sh. NOT YET TRIED on Windows: written from the Linux script.
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $PSScriptRoot
$environment = Join-Path $here ".venv"
$python = Join-Path $environment "Scripts\python.exe"
Set-Location $here

if (-not (Test-Path $python)) { py -3 -m venv $environment }
& $python -m pip install --quiet --require-hashes -r installer\requirements-test.txt
& $python -m pip install --quiet --no-deps --no-build-isolation -e $here
foreach ($check in @(
        @("-m", "ruff", "format", "--check", "."), @("-m", "ruff", "check", "."), @("-m", "mypy"),
        @("-m", "pytest"))) {
    & $python @check
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
& (Join-Path $environment "Scripts\lint-imports.exe")
exit $LASTEXITCODE
