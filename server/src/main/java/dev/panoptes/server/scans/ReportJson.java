package dev.panoptes.server.scans;

import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.report.TextStyle;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.http.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A report as JSON, compressed as it is stored and mostly sent. */
final class ReportJson {
    private ReportJson() {}

    static byte[] gzip(ScanReport report) {
        ReportWriter writer = Formats.named(Formats.JSON, TextStyle.PLAIN).orElseThrow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
            writer.write(report, Policy.STRICT.judge(report), out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** The issues of a report, in its order. */
    static List<ReportedIssue> issues(byte[] gzip) {
        return Json.readList(plain(gzip), "issues", ReportedIssue.class);
    }

    static byte[] plain(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a stored report is damaged", e);
        }
    }
}
