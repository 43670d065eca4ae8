package dev.panoptes.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * The Service of a Kubernetes cluster behind which an agent runs.
 *
 * @param namespace {@code default} where the registry does not say one
 * @param service the name of the Service
 * @param image what its pods run, as a manifest names it, with tag or digest; null where the registry does not say it
 */
public record KubernetesService(
        String namespace, String service, @Nullable String image) {
    /** The namespace of objects that name none. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** {@code shop/web}. */
    public String id() {
        return namespace + "/" + service;
    }
}
