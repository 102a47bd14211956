# The Windows twin of start.sh. NOT YET TRIED on Windows: written from the Linux script.
# Sets everything up, makes a vault of an invented school and shows that it opens.
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
New-Item -ItemType Directory -Force $demonstration | Out-Null
$passphrase = Join-Path $demonstration "passphrase.txt"
$vault = Join-Path $demonstration "oakfield"
if (-not (Test-Path (Join-Path $vault "keys.json"))) {
    Set-Content -Path $passphrase -Value "copper lantern drifting orchard" -Encoding ascii
    & $python -m odbst_desktop vault create $vault --profile dsl --name "Ruth Ellery" `
        --urn 123456 --school "Oakfield (invented)" --passphrase-file $passphrase
    if ($LASTEXITCODE -ne 0) { throw "The vault could not be made." }
}
& $python -m odbst_desktop vault check $vault --passphrase-file $passphrase
& $python -m odbst_desktop keys $vault --passphrase-file $passphrase
Write-Host "The passphrase of this invented vault is: $(Get-Content $passphrase)"
& $python -m odbst_desktop open $vault
