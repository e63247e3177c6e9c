/** Completion for PowerShell 5.1 and newer. */
export const powershellScript = `# PowerShell completion of kubectl-oidc_login.
# Load it with: kubectl-oidc_login completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'kubectl-oidc_login' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
    if ($wordToComplete -eq '') { $words += '""' }
    $prefix = ''
    if ("$wordToComplete" -match '^(--[^=]*=)') { $prefix = $Matches[1] }
    $answer = @(& kubectl-oidc_login __complete @words 2>$null)
    foreach ($line in $answer) {
        if ($line.StartsWith(':')) { continue }
        $text, $description = $line -split "\`t", 2
        if (-not $description) { $description = $text }
        [System.Management.Automation.CompletionResult]::new(
            "$prefix$text", $text, 'ParameterValue', $description)
    }
}
`
