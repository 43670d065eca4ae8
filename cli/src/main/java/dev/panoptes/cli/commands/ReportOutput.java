package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Puts a finished report where it belongs: all of it or nothing. */
final class ReportOutput {
    private final Shell shell;

    ReportOutput(Shell shell) {
        this.shell = shell;
    }

    /** @param file null for standard output */
    void write(ReportWriter writer, ScanReport report, Verdict verdict, @Nullable Path file)
            throws IOException, UsageException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (Writer text = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            writer.write(report, verdict, text);
        }
        if (file == null) {
            bytes.writeTo(shell.out());
            shell.out().flush();
        } else {
            new AtomicFile(shell.resolve(file)).write(bytes.toByteArray());
        }
    }
}
