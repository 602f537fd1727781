"""The registry's own list of a trial's versions, and those of them that are worth reading.

history/incoming/NCT…/    answers as they come, one file each: what is here is never asked for again
history/batches/000001/   whole trials, landed; a batch without `manifest.json` is none
    answers.jsonl.zst     the answers, one a line: each index, then the versions read with it
    trials.parquet        one row a trial: how many versions, and what the lake knew of it then
    changes.parquet       one row a trial and version of its index
    versions.parquet      one row a trial and version read: the typed record
    refused.parquet       indexes (version_number is null) and versions that could not be loaded, and why;
                          answer_line is null where there was no answer to keep: a later run may ask again

The interface's dates are submission dates, never post dates. Its texts carry HTML where API v2 carries
Markdown, so the content hash of a past version says nothing about one the lake landed from API v2.
"""
