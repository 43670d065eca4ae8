package dev.panoptes.integrity.kubernetes;

import dev.panoptes.core.IoReason;
import dev.panoptes.core.TrustedPem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The service account of the pod that this program runs in (Kubernetes, "Accessing the Kubernetes API from a Pod"). */
public final class InCluster {
    static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private InCluster() {}

    /** True where this program runs in a pod with a service account. */
    public static boolean isHere(Map<String, String> environment) {
        return environment.containsKey("KUBERNETES_SERVICE_HOST") && Files.exists(ACCOUNT.resolve("token"));
    }

    public static ClusterAccess.Result read(Map<String, String> environment) {
        return read(environment, ACCOUNT);
    }

    static ClusterAccess.Result read(Map<String, String> environment, Path account) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        Path token = account.resolve("token");
        if (host == null || !Files.exists(token)) {
            return new ClusterAccess.Result.Unusable(
                    "There is no service account of Kubernetes here, and no kubeconfig was named");
        }
        try {
            return new ClusterAccess.Result.Usable(new ClusterAccess(
                    "in-cluster",
                    URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port),
                    TrustedPem.context(account.resolve("ca.crt")),
                    () -> Files.readString(token).strip()));
        } catch (IOException e) {
            return new ClusterAccess.Result.Unusable("The service account of Kubernetes cannot be used: "
                    + (e.getMessage() == null ? IoReason.of(e) : e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new ClusterAccess.Result.Unusable("KUBERNETES_SERVICE_HOST and _PORT name no server");
        }
    }
}
