package dev.panoptes.integrity.report;

import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;

/** Writes a report in one format. */
public interface ReportWriter {
    /** Writes the whole report and leaves {@code out} open; the caller flushes. */
    void write(ScanReport report, Verdict verdict, Writer out) throws IOException;
}
