package dev.panoptes.integrity.declared;

import java.util.Locale;
import java.util.Set;

/** What is known of base images by their names alone. */
final class BaseImages {
    /** Distributions and language runtimes: they hold no program of a fleet, and their working directory is the root. */
    private static final Set<String> PLAIN = Set.of(
            "scratch",
            "alpine",
            "debian",
            "ubuntu",
            "busybox",
            "fedora",
            "centos",
            "rockylinux",
            "almalinux",
            "amazonlinux",
            "oraclelinux",
            "archlinux",
            "photon",
            "buildpack-deps",
            "python",
            "pypy",
            "node",
            "golang",
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "ibm-semeru-runtimes",
            "sapmachine",
            "ruby",
            "rust",
            "perl",
            "php",
            "bash");

    private BaseImages() {}

    /** @param reference as FROM names it, with registry, tag or digest */
    static boolean isPlain(String reference) {
        String name = reference.toLowerCase(Locale.ROOT);
        int digest = name.indexOf('@');
        name = digest < 0 ? name : name.substring(0, digest);
        int slash = name.lastIndexOf('/');
        int tag = name.indexOf(':', Math.max(slash, 0));
        name = tag < 0 ? name : name.substring(0, tag);
        for (String prefix : Set.of("docker.io/", "index.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/")) {
            name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        }
        name = name.startsWith("library/") ? name.substring("library/".length()) : name;
        return PLAIN.contains(name);
    }
}
