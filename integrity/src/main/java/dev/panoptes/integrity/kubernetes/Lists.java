package dev.panoptes.integrity.kubernetes;

import dev.panoptes.integrity.kubernetes.ClusterView.Kept;
import dev.panoptes.integrity.kubernetes.KubernetesApi.Refused;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads a collection page by page (Kubernetes API concepts, "Retrieving large results sets in chunks"), of which only what is kept stays. */
final class Lists {
    private static final int PAGE = 500;
    static final int MOST = 50_000;

    /** @param version of the collection, from which a watch goes on */
    record Listed(Map<String, Kept> objects, String version) {}

    private Lists() {}

    static Listed of(KubernetesApi api, KeptObjects kind, String namespace) throws Refused, InterruptedException {
        try {
            return read(api, kind, namespace);
        } catch (Refused e) {
            if (!e.isGone()) {
                throw e;
            }
            // The pages took longer than the server remembers: once more from the first.
            return read(api, kind, namespace);
        }
    }

    static String what(KeptObjects kind, String namespace) {
        return kind.plural() + " of namespace " + namespace;
    }

    private static Listed read(KubernetesApi api, KeptObjects kind, String namespace)
            throws Refused, InterruptedException {
        Map<String, Kept> objects = new LinkedHashMap<>();
        String next = "";
        String version;
        do {
            String path = kind.path(namespace) + "?limit=" + PAGE
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            JsonNode page = api.get(path, what(kind, namespace));
            if (!page.path("items").isArray() && !page.path("items").isNull()) {
                throw new Refused("The answer to " + what(kind, namespace) + " is no list of Kubernetes", false);
            }
            for (JsonNode item : page.path("items")) {
                Kept kept = kind.read(item);
                if (kept != null) {
                    objects.put(kept.name(), kept);
                }
            }
            version = page.path("metadata").path("resourceVersion").asString("");
            String after = page.path("metadata").path("continue").asString("");
            if (objects.size() > MOST || (!after.isEmpty() && after.equals(next))) {
                throw new Refused("There are more " + what(kind, namespace) + " than are kept", false);
            }
            next = after;
        } while (!next.isEmpty());
        return new Listed(objects, version);
    }
}
