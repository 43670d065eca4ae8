package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that meet a server with a certificate of its own making. */
@Timeout(120)
final class ServerOverTlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path directory;

    @Test
    void whoTrustsTheCertificateIsServedAndNobodySendsATokenToAnother()
            throws IOException, InterruptedException, GeneralSecurityException, CannotStart {
        Path certificate = directory.resolve("server.crt");
        Path key = directory.resolve("server.key");
        make(certificate, key);
        try (RunningServer server = RunningServer.start(
                directory,
                Map.of(
                        "tls.certificate",
                        certificate.toString(),
                        "tls.key",
                        key.toString(),
                        "anonymous_read",
                        "true"))) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            Session session = new Session(directory).now();

            Run stranger = session.run(server.withAdmin("status"));
            assertThat(stranger.code()).isEqualTo(ExitCode.USAGE);
            assertThat(stranger.err()).contains("is not trusted").contains("--ca FILE");

            Run status = session.run(server.withAdmin("status", "--ca", certificate.toString()));
            assertThat(status.out()).startsWith("Panoptes 1.2.3 at https://127.0.0.1:");
            session.variable("PANOPTES_SERVER_CA", certificate.toString());
            Run made = session.run(
                    server.withAdmin("tokens", "create", "--name", "o", "--role", "observer", "--host", "web-1"));
            assertThat(made.err()).contains("only time");
            Run observed = session.variable("PANOPTES_TOKEN", made.out().strip())
                    .run("observe", "--server", server.url(), "--no-probe");
            assertThat(observed.code()).as(observed.err()).isEqualTo(ExitCode.OK);
            assertThat(observed.out()).startsWith("sent what was seen on web-1");

            // Who may read without a token needs none, but for anything else.
            Session nobody = new Session(directory).now().variable("PANOPTES_SERVER_CA", certificate.toString());
            nobody.variable("PANOPTES_SERVER_URL", server.url());
            assertThat(nobody.run("status").out()).startsWith("Panoptes 1.2.3 at " + server.url());
            assertThat(nobody.run("tokens").code()).isEqualTo(ExitCode.USAGE);

            // The same certificate under a name that it is not for.
            Run other = session.run("status", "--server", server.url().replace("127.0.0.1", "localhost"));
            assertThat(other.err()).contains("is not trusted");
            assertThat(session.run("status", "--server", server.url().replace("https:", "http:"))
                            .code())
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void aFileThatHoldsNoCertificatesIsRefused() throws IOException {
        Session session = new Session(directory).variable("PANOPTES_TOKEN", "x");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path broken = Files.writeString(directory.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        for (String file : new String[] {
            empty.toString(), broken.toString(), directory.resolve("none").toString()
        }) {
            Run run = session.run("status", "--server", "https://127.0.0.1:9", "--ca", file);
            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains(file).doesNotContain("defect");
        }
    }

    /** For 127.0.0.1 and nothing else. keytool makes it, and only a program gets the key out as PEM. */
    private void make(Path certificate, Path key) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("error");
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem(key, "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }
}
