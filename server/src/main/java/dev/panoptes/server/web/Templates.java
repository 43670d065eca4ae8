package dev.panoptes.server.web;

import dev.panoptes.server.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The templates of the pages, compiled with the program. Every value is escaped for the place where it stands, and visible. */
final class Templates {
    private static final String PACKAGE = "dev.panoptes.server.web.jte";

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Templates.class.getClassLoader(), PACKAGE);

    /** @param values the parameters of the template */
    Response page(int status, String template, Map<String, Object> values) {
        return new Response.Whole(
                status, "text/html; charset=utf-8", text(template, values).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    String text(String template, Map<String, Object> values) {
        StringOutput text = new StringOutput(1 << 15);
        engine.render(template + ".jte", values, new VisibleOutput(text));
        return text.toString();
    }
}
