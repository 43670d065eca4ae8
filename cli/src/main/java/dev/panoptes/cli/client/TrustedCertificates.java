package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.TrustedPem;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** The certificates of a PEM file, which alone are believed: an authority's, or the server's own. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    public static SSLContext context(Path file) throws UsageException {
        try {
            return TrustedPem.context(file);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        }
    }
}
