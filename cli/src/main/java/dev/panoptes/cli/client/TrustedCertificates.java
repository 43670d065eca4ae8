package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.TrustedPem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

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

    /**
     * Believes nobody: for a client that does not encrypt, which would else read the certificates that this machine believes, two
     * megabytes that it never looks at.
     */
    static SSLContext none() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
