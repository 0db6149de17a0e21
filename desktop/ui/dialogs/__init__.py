"""Dialogs that every page needs. None of them waits: each opens over its window and calls back.

confirm(parent, title=…, effects=[…], do=…, then=…, irreversible="…")       confirm_dialog
ask_reason(parent, title=…, says=…, do=…, then=lambda reason: …)            reason_dialog
ask_pin(parent, people=[Choice…], purpose=…, submit=lambda answer, dialog: …)   pin_dialog
ask_passphrase(parent, submit=…, says=…) / new_passphrase(parent, submit=…)  passphrase_dialog
open_file(parent, …, then=path) / save_file(parent, …, then=path)            file_dialog
watch(parent, jobs, job)                                                    progress_dialog
"""
