package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is known of base images by their names alone. */
public final class BaseImages {
    /** Images of servers of which it is known, as of the plain ones, that they come without a health check. */
    private static final Set<String> WITHOUT_HEALTHCHECK = Set.of(
            "postgres",
            "mysql",
            "mariadb",
            "redis",
            "valkey/valkey",
            "mongo",
            "rabbitmq",
            "nginx",
            "httpd",
            "memcached",
            "nats",
            "caddy",
            "traefik",
            "haproxy");

    /** Distributions and language runtimes: they hold no program of a fleet. */
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
            "buildpack-deps",
            "python",
            "pypy",
            "node",
            "golang",
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "ibm-semeru-runtimes",
            "ruby",
            "rust",
            "perl",
            "php",
            "bash",
            "denoland/deno",
            "oven/bun",
            "nvidia/cuda",
            "pytorch/pytorch",
            "continuumio/miniconda3",
            "condaforge/miniforge3",
            "mambaorg/micromamba",
            "ghcr.io/astral-sh/uv",
            "mcr.microsoft.com/playwright",
            "mcr.microsoft.com/playwright/python",
            "gcr.io/distroless/python3",
            "gcr.io/distroless/python3-debian11",
            "gcr.io/distroless/python3-debian12");

    /** Those whose configuration sets no working directory (docker image inspect, WorkingDir), so that it is the root. */
    private static final Set<String> AT_ROOT = Set.of(
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
            "buildpack-deps",
            "python",
            "node",
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "ruby",
            "rust");

    /** Official images whose tag names the distribution. */
    private static final Set<String> OFFICIAL =
            Set.of("python", "node", "golang", "ruby", "php", "rust", "nginx", "postgres", "redis", "eclipse-temurin");

    private static final List<String> PREFIXES = List.of(
            "docker.io/", "index.docker.io/", "registry-1.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/");

    private BaseImages() {}

    /** @param reference as FROM names it, with registry, tag or digest */
    static boolean isPlain(String reference) {
        return PLAIN.contains(name(reference));
    }

    /** True for those that hold no shell script outside of the folders of their distribution, but for an entry point. */
    static boolean holdsNoScripts(String reference) {
        String name = name(reference);
        return AT_ROOT.contains(name) || name.equals("php") || name.equals("golang");
    }

    /** {@code /}, or {@code ?} where it is not known. */
    static String workingDirectory(String reference) {
        return AT_ROOT.contains(name(reference)) ? "/" : "?";
    }

    /** The tag of a reference; {@code latest} where it has none, empty where a digest stands instead. */
    static String tag(String reference) {
        int digest = reference.indexOf('@');
        String tagged = digest < 0 ? reference : reference.substring(0, digest);
        int tag = tagged.indexOf(':', Math.max(tagged.lastIndexOf('/'), 0));
        return tag >= 0 ? tagged.substring(tag + 1) : digest < 0 ? "latest" : "";
    }

    /** Without registry of Docker Hub, {@code library/}, tag and digest, in lower case. */
    public static String name(String reference) {
        String lower = reference.toLowerCase(Locale.ROOT);
        int digest = lower.indexOf('@');
        String tagged = digest < 0 ? lower : lower.substring(0, digest);
        int tag = tagged.indexOf(':', Math.max(tagged.lastIndexOf('/'), 0));
        String name = tag < 0 ? tagged : tagged.substring(0, tag);
        for (String prefix : PREFIXES) {
            name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        }
        return name.startsWith("library/") ? name.substring("library/".length()) : name;
    }

    /** True where it is known that an image comes without a HEALTHCHECK. */
    public static boolean hasNoHealthcheck(String reference) {
        String name = name(reference);
        return PLAIN.contains(name) || WITHOUT_HEALTHCHECK.contains(name);
    }

    /**
     * The package manager of an image's distribution: {@code apk}, {@code apt-get} or {@code dnf}; empty where it is not known.
     *
     * @param reference as FROM names it
     */
    public static String packageManager(String reference) {
        String name = name(reference);
        String tag = tag(reference);
        if (name.equals("alpine") || (OFFICIAL.contains(name) && tag.matches("(.*-)?alpine[0-9.]*"))) {
            return "apk";
        }
        if (name.equals("debian")
                || name.equals("ubuntu")
                || (OFFICIAL.contains(name)
                        && tag.matches("(.*-)?(slim|bookworm|bullseye|buster|trixie|jammy|noble)(-slim)?"))) {
            return "apt-get";
        }
        return name.equals("fedora") || name.equals("rockylinux") || name.equals("almalinux") ? "dnf" : "";
    }
}
