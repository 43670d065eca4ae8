package dev.panoptes.integrity.kubernetes;

import dev.panoptes.core.IoReason;
import dev.panoptes.core.TrustedPem;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.integrity.kubernetes.ClusterAccess.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One context of kubeconfig files (Kubernetes, "Organizing Cluster Access Using kubeconfig Files"): a server with its authority, and a
 * token or a client certificate. What runs a program (exec plug-ins), what trusts anybody ({@code insecure-skip-tls-verify}) and what
 * leads elsewhere (a proxy, another TLS name, impersonation) is not supported, and said so.
 */
public final class Kubeconfig {
    private static final long LARGEST_FILE = 1 << 20;
    private static final List<String> NOT_OF_CLUSTER =
            List.of("insecure-skip-tls-verify", "proxy-url", "tls-server-name");
    private static final List<String> NOT_OF_USER =
            List.of("exec", "auth-provider", "username", "password", "as", "as-uid", "as-groups");

    /** Of several files the first that names a thing counts; paths in it are seen from its folder. */
    private record Named(YamlNode.Mapping body, Path folder) {}

    private final Map<String, Named> clusters = new HashMap<>();
    private final Map<String, Named> users = new HashMap<>();
    private final Map<String, Named> contexts = new HashMap<>();
    private @Nullable String current;

    private Kubeconfig() {}

    /** Why a configuration cannot be used. Never leaves this class. */
    private static final class Unusable extends Exception {
        private Unusable(String reason) {
            super(reason);
        }
    }

    /** @param context null for the files' own current context */
    public static Result read(List<Path> files, @Nullable String context) {
        try {
            Kubeconfig config = new Kubeconfig();
            for (Path file : files) {
                config.take(file);
            }
            return new Result.Usable(config.access(context));
        } catch (Unusable e) {
            return new Result.Unusable(String.valueOf(e.getMessage()));
        }
    }

    private void take(Path file) throws Unusable {
        switch (new YamlReader().read(file, file.toString())) {
            case YamlResult.Absent absent -> throw new Unusable("There is no kubeconfig at " + file);
            case YamlResult.Broken broken ->
                throw new Unusable("The kubeconfig " + file + " cannot be read: "
                        + broken.problems().getFirst().message());
            case YamlResult.Parsed parsed -> {
                if (!(parsed.root() instanceof YamlNode.Mapping root)) {
                    throw new Unusable(file + " is no kubeconfig");
                }
                Path folder = file.toAbsolutePath().getParent();
                Path seenFrom = folder == null ? Path.of("/") : folder;
                named(root, "clusters", "cluster", seenFrom, clusters);
                named(root, "users", "user", seenFrom, users);
                named(root, "contexts", "context", seenFrom, contexts);
                current = current == null ? text(root, "current-context") : current;
            }
        }
    }

    private static void named(YamlNode.Mapping root, String list, String key, Path folder, Map<String, Named> into) {
        if (root.find(list).map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Sequence items) {
            for (YamlNode item : items.items()) {
                String name = item instanceof YamlNode.Mapping map ? text(map, "name") : null;
                if (name != null
                        && item instanceof YamlNode.Mapping map
                        && map.find(key).map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Mapping body) {
                    into.putIfAbsent(name, new Named(body, folder));
                }
            }
        }
    }

    private ClusterAccess access(@Nullable String wanted) throws Unusable {
        String name = wanted == null ? current : wanted;
        Named context = name == null ? null : contexts.get(name);
        if (name == null || context == null) {
            throw new Unusable(
                    name == null ? "The kubeconfig has no current context" : "The kubeconfig has no context " + name);
        }
        String cluster = text(context.body(), "cluster");
        String user = text(context.body(), "user");
        Named server = cluster == null ? null : clusters.get(cluster);
        Named account = user == null ? null : users.get(user);
        if (server == null || account == null) {
            throw new Unusable("The context " + name + " of the kubeconfig names a cluster or user that is not there");
        }
        refuse(server, NOT_OF_CLUSTER, "cluster " + cluster);
        refuse(account, NOT_OF_USER, "user " + user);
        URI url = url(text(server.body(), "server"));
        byte[] authority = bytes(server, "certificate-authority");
        if (authority == null) {
            throw new Unusable("The cluster " + cluster + " of the kubeconfig names no certificate-authority");
        }
        KeyManager[] keys = keys(account);
        try {
            return new ClusterAccess(
                    name, url, TrustedPem.context(authority, "the kubeconfig", keys), token(account, keys));
        } catch (IOException e) {
            throw new Unusable("The certificate-authority of the kubeconfig cannot be used: " + e.getMessage());
        }
    }

    private static void refuse(Named named, List<String> keys, String what) throws Unusable {
        for (String key : keys) {
            String text = text(named.body(), key);
            if (named.body().find(key).isPresent() && !"false".equals(text)) {
                throw new Unusable("The " + what + " of the kubeconfig has " + key + ", which is not supported"
                        + (key.equals("exec") ? ": no program is run; give it a token" : ""));
            }
        }
    }

    private static URI url(@Nullable String server) throws Unusable {
        try {
            URI url = server == null ? null : URI.create(server);
            if (url == null || !"https".equals(url.getScheme()) || url.getHost() == null) {
                throw new Unusable("The server of the kubeconfig is no https URL");
            }
            return url;
        } catch (IllegalArgumentException e) {
            throw new Unusable("The server of the kubeconfig is no https URL");
        }
    }

    private static KeyManager @Nullable [] keys(Named account) throws Unusable {
        byte[] certificate = bytes(account, "client-certificate");
        byte[] key = bytes(account, "client-key");
        if (certificate == null || key == null) {
            return null;
        }
        try {
            return ClientKey.of(certificate, key);
        } catch (GeneralSecurityException e) {
            throw new Unusable("The client certificate of the kubeconfig cannot be used: " + e.getMessage());
        }
    }

    private static ClusterAccess.Token token(Named account, KeyManager @Nullable [] keys) throws Unusable {
        String token = text(account.body(), "token");
        String file = text(account.body(), "tokenFile");
        if (file != null) {
            Path path = account.folder().resolve(file);
            return () -> Files.readString(path).strip();
        }
        if (token == null && keys == null) {
            throw new Unusable("The user of the kubeconfig has neither a token nor a client certificate");
        }
        return () -> token;
    }

    /** What stands under {@code KEY-data} in base64, else in the file under {@code KEY}; null where neither is there. */
    private static byte @Nullable [] bytes(Named named, String key) throws Unusable {
        String data = text(named.body(), key + "-data");
        String file = text(named.body(), key);
        try {
            if (data != null) {
                return Base64.getMimeDecoder().decode(data);
            }
            if (file == null) {
                return null;
            }
            Path path = named.folder().resolve(file);
            if (Files.size(path) > LARGEST_FILE) {
                throw new Unusable(path + " is too large for a " + key);
            }
            return Files.readAllBytes(path);
        } catch (IllegalArgumentException e) {
            throw new Unusable("The " + key + "-data of the kubeconfig is no base64");
        } catch (IOException e) {
            throw new Unusable("The " + key + " of the kubeconfig cannot be read: " + IoReason.of(e));
        }
    }

    private static @Nullable String text(YamlNode.Mapping map, String key) {
        return map.find(key).map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Scalar scalar
                        && !scalar.isNull()
                ? scalar.text()
                : null;
    }
}
