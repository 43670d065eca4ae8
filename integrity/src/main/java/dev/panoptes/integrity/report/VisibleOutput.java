package dev.panoptes.integrity.report;

import dev.panoptes.core.text.Visible;
import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import org.jspecify.annotations.Nullable;

/** Escapes each value for the place where it stands, and shows characters that would turn the text around. */
final class VisibleOutput extends OwaspHtmlTemplateOutput {
    VisibleOutput(TemplateOutput out) {
        super(out);
    }

    @Override
    public void writeUserContent(@Nullable String value) {
        if (value != null) {
            super.writeUserContent(Visible.of(value));
        }
    }
}
