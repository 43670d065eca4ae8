package dev.panoptes.detection.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * An investigation as one page that needs nothing else and runs no script. Its templates are compiled with the program and
 * escape every value for the place where it stands.
 */
public final class InvestigationHtml {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, InvestigationHtml.class.getClassLoader(), "dev.panoptes.detection.report.jte");

    private InvestigationHtml() {}

    /**
     * Writes it piece by piece. The stream stays open.
     *
     * @throws IOException where the stream takes no more
     */
    public static void write(Investigation investigation, OutputStream to) throws IOException {
        Writer page = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        try {
            ENGINE.render("investigation.jte", investigation, new VisibleOutput(new WriterOutput(page)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        page.flush();
    }
}
