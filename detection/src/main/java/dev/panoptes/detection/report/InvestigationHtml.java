package dev.panoptes.detection.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/**
 * An investigation as one page that needs nothing else and runs no script. Its templates are compiled with the program and
 * escape every value for the place where it stands.
 */
public final class InvestigationHtml {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, InvestigationHtml.class.getClassLoader(), "dev.panoptes.detection.report.jte");

    private InvestigationHtml() {}

    public static String write(Investigation investigation) {
        StringOutput page = new StringOutput(8_192);
        ENGINE.render("investigation.jte", investigation, new VisibleOutput(page));
        return page.toString();
    }
}
