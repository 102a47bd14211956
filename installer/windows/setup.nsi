; The Windows installer. Compiled by build.py, or by hand from a folder that PyInstaller made:
;
;   makensis -DVERSION=0.1.0 -DSOURCE=dist/odbst-desktop -DOUT=dist/setup.exe installer/windows/setup.nsi
;
; Signing is a parameter: -DSIGN="signtool sign /fd sha256 /tr URL /td sha256" is run with the file's
; name after it, on the uninstaller and on the installer.
;
; Silent, for Intune and Group Policy:
;   setup.exe /S /AllUsers             for the computer (needs administrator rights)
;   setup.exe /S /CurrentUser          for one account
;   setup.exe /S /AllUsers /D=C:\Apps\ODBST Desktop     another folder; /D comes last, unquoted
;   "…\uninstall.exe" /S               removes the program; vaults, settings and policies stay
; Exit codes: 0 done; 1 stopped by the user; 2 stopped by a fault; 5 the program is open; 6 an old
; Windows.
;
; Installed, upgraded and removed under Wine with a staged folder (try_windows.sh). The program itself
; is NOT TRIED on Windows.

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10

!define NAME "ODBST Desktop"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\odbst-desktop"
!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "${NAME}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallLocation"

!include MultiUser.nsh
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

Name "${NAME}"
OutFile "${OUT}"
SetCompressor /SOLID lzma
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey FileDescription "${NAME} setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "${__FILEDIR__}/../icons/odbst.ico"
!define MUI_UNICON "${__FILEDIR__}/../icons/odbst.ico"
!insertmacro MUI_PAGE_LICENSE "${__FILEDIR__}/../../LICENSE"
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs Windows 10 or newer, 64 bit. Nothing was changed." /SD IDOK
    SetErrorLevel 6
    Quit
  ${EndIf}
  !insertmacro MULTIUSER_INIT
FunctionEnd

Function un.onInit
  !insertmacro MULTIUSER_UNINIT
FunctionEnd

; An open program would leave an upgrade half done: it is asked to be closed first.
!macro RefuseOpen
  ${If} ${FileExists} "$INSTDIR\odbst-window.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\odbst-window.exe" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONSTOP "${NAME} is open. Close it and start this again; nothing was changed." /SD IDOK
      SetErrorLevel 5
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

!macro Associate ENDING ID WORDS
  WriteRegStr SHCTX "Software\Classes\${ENDING}" "" "${ID}"
  WriteRegStr SHCTX "Software\Classes\${ID}" "" "${WORDS}"
  WriteRegStr SHCTX "Software\Classes\${ID}\DefaultIcon" "" "$INSTDIR\odbst-window.exe,0"
  WriteRegStr SHCTX "Software\Classes\${ID}\shell\open\command" "" '"$INSTDIR\odbst-window.exe" open "%1"'
!macroend

!macro Dissociate ENDING ID
  ReadRegStr $0 SHCTX "Software\Classes\${ENDING}" ""
  ${If} $0 == "${ID}"
    DeleteRegKey SHCTX "Software\Classes\${ENDING}"
  ${EndIf}
  DeleteRegKey SHCTX "Software\Classes\${ID}"
!macroend

!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section "Program"
  !insertmacro RefuseOpen
  SetOutPath "$INSTDIR"
  ; Everything of the version before goes first, so that no file of it stays among the new ones.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\odbst.exe"
  Delete "$INSTDIR\odbst-window.exe"
  ClearErrors
  File /r "${SOURCE}/*"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "The files could not be written to $INSTDIR. Make room or choose another folder, and start this again. Vaults are untouched." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\odbst-window.exe"

  !insertmacro Associate ".odbst" "ODBST.Package" "ODBST package"
  !insertmacro Associate ".odbst-vault" "ODBST.Vault" "ODBST vault"
  !insertmacro Associate ".odbst-backup" "ODBST.Backup" "Backup of an ODBST vault"
  !insertmacro TellExplorer

  WriteRegStr SHCTX "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${KEY}" "DisplayIcon" "$INSTDIR\odbst-window.exe"
  WriteRegStr SHCTX "${KEY}" "Publisher" "The ODBST Desktop team"
  WriteRegStr SHCTX "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD SHCTX "${KEY}" "EstimatedSize" "$0"

  ${If} $MultiUser.InstallMode == "AllUsers"
    ; The folder of policies: everybody reads, only administrators write.
    SetShellVarContext all
    CreateDirectory "$APPDATA\${NAME}"
    nsExec::Exec 'icacls "$APPDATA\${NAME}" /inheritance:r /grant *S-1-5-32-544:(OI)(CI)F /grant *S-1-5-18:(OI)(CI)F /grant *S-1-5-32-545:(OI)(CI)RX'
    Pop $0
  ${EndIf}
SectionEnd

Section "Uninstall"
  !insertmacro RefuseOpen
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\odbst.exe"
  Delete "$INSTDIR\odbst-window.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  !insertmacro Dissociate ".odbst" "ODBST.Package"
  !insertmacro Dissociate ".odbst-vault" "ODBST.Vault"
  !insertmacro Dissociate ".odbst-backup" "ODBST.Backup"
  !insertmacro TellExplorer
  DeleteRegKey SHCTX "${KEY}"
  ; Vaults, the account's state folder and the policies are not the program's to remove.
SectionEnd
