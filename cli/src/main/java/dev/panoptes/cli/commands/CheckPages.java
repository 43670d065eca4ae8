package dev.panoptes.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The pages of {@code docs/checks}, which are packed into the program. */
final class CheckPages {
    private CheckPages() {}

    /** The page of this check, as Markdown; empty where the program holds none. */
    static Optional<String> page(String check) {
        try (InputStream page = CheckPages.class.getResourceAsStream("/docs/checks/" + check + ".md")) {
            return page == null
                    ? Optional.empty()
                    : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
