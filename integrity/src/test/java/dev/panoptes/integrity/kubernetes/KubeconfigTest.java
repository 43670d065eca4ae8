package dev.panoptes.integrity.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.kubernetes.ClusterAccess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kubeconfig files can be used, and what is said of the others. */
class KubeconfigTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void certificates() throws IOException {
        for (String name : List.of("ca.crt", "ca.key", "rsa.key", "ec.crt", "ec.key")) {
            Files.writeString(folder.resolve(name), RecordedApi.recorded("pem/" + name));
        }
    }

    private Result read(String cluster, String user) throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u}}]
                clusters: [{name: k, cluster: {%s}}]
                users: [{name: u, user: {%s}}]
                """.formatted(cluster, user));
        return Kubeconfig.read(List.of(file), null);
    }

    private static final String CLUSTER = "server: 'https://127.0.0.1:6443', certificate-authority: ca.crt";

    private String refused(String cluster, String user) throws IOException {
        return read(cluster, user) instanceof Result.Unusable(String reason) ? reason : "usable";
    }

    @Test
    void tokensAndClientCertificatesCanBeUsed() throws IOException {
        ClusterAccess access = ((Result.Usable) read(CLUSTER, "token: abc")).access();
        assertThat(access.name()).isEqualTo("c");
        assertThat(access.token().read()).isEqualTo("abc");
        assertThat(access.toString()).doesNotContain("abc");
        Files.writeString(folder.resolve("token"), "first\n");
        ClusterAccess file = ((Result.Usable) read(CLUSTER, "tokenFile: token")).access();
        assertThat(file.token().read()).isEqualTo("first");
        Files.writeString(folder.resolve("token"), "second\n");
        assertThat(file.token().read()).as("a token is replaced while we run").isEqualTo("second");
        assertThat(read(CLUSTER, "client-certificate: ca.crt, client-key: ca.key"))
                .isInstanceOf(Result.Usable.class);
        assertThat(read(CLUSTER, "client-certificate: ca.crt, client-key: rsa.key"))
                .isInstanceOf(Result.Usable.class);
        assertThat(read(CLUSTER, "client-certificate: ec.crt, client-key: ec.key"))
                .isInstanceOf(Result.Usable.class);
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("ca.crt")));
        assertThat(read("server: 'https://[::1]:6443', certificate-authority-data: " + data, "token: a"))
                .isInstanceOf(Result.Usable.class);
    }

    @Test
    void whatIsNotSupportedIsSaid() throws IOException {
        assertThat(refused(CLUSTER, "exec: {command: aws}")).contains("exec, which is not supported");
        assertThat(refused(CLUSTER, "auth-provider: {name: gcp}")).contains("auth-provider");
        assertThat(refused(CLUSTER, "username: a, password: secret"))
                .contains("username")
                .doesNotContain("secret");
        assertThat(refused(CLUSTER, "token: a, as: root")).contains("as, which");
        assertThat(refused(CLUSTER + ", insecure-skip-tls-verify: true", "token: a"))
                .contains("insecure-skip-tls-verify");
        assertThat(refused(CLUSTER + ", insecure-skip-tls-verify: false", "token: a"))
                .isEqualTo("usable");
        assertThat(refused(CLUSTER + ", proxy-url: 'http://p'", "token: a")).contains("proxy-url");
    }

    @Test
    void whatCannotBeUsedIsSaid() throws IOException {
        assertThat(refused("server: 'http://127.0.0.1:8080', certificate-authority: ca.crt", "token: a"))
                .contains("no https URL");
        assertThat(refused("server: '::', certificate-authority: ca.crt", "token: a"))
                .contains("no https URL");
        assertThat(refused("server: 'https://h'", "token: a")).contains("names no certificate-authority");
        assertThat(refused("server: 'https://h', certificate-authority: gone.crt", "token: a"))
                .contains("cannot be read: it is not there");
        assertThat(refused("server: 'https://h', certificate-authority: ca.key", "token: a"))
                .contains("cannot be used");
        assertThat(refused("server: 'https://h', certificate-authority-data: '%%%'", "token: a"))
                .contains("certificate");
        assertThat(refused(CLUSTER, "")).contains("neither a token nor a client certificate");
        assertThat(refused(CLUSTER, "client-certificate: ca.crt, client-key: ca.crt"))
                .contains("client certificate");
        assertThat(refused(CLUSTER, "client-certificate: ca.key, client-key: ca.key"))
                .contains("client certificate");
        Path file = folder.resolve("broken");
        assertThat(Kubeconfig.read(List.of(file), null).toString()).contains("There is no kubeconfig at");
        Files.writeString(file, "a: [");
        assertThat(Kubeconfig.read(List.of(file), null).toString()).contains("cannot be read");
        Files.writeString(file, "[]");
        assertThat(Kubeconfig.read(List.of(file), null).toString()).contains("is no kubeconfig");
        Files.writeString(file, "current-context: x");
        assertThat(Kubeconfig.read(List.of(file), null).toString()).contains("no context x");
        assertThat(Kubeconfig.read(List.of(), null).toString()).contains("no current context");
    }

    @Test
    void aPodUsesItsServiceAccount() throws IOException {
        assertThat(InCluster.read(Map.of(), folder).toString()).contains("There is no service account");
        Files.writeString(folder.resolve("token"), "t\n");
        ClusterAccess access = ((Result.Usable) InCluster.read(
                        Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"), folder))
                .access();
        assertThat(access.server()).hasToString("https://[fd00::1]:443");
        assertThat(access.token().read()).isEqualTo("t");
        Files.delete(folder.resolve("ca.crt"));
        assertThat(InCluster.read(Map.of("KUBERNETES_SERVICE_HOST", "h"), folder)
                        .toString())
                .contains("cannot be used");
    }
}
