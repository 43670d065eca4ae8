package dev.panoptes.integrity.checks;

/** Names of images as engines complete them: {@code nginx} is {@code docker.io/library/nginx:latest}. */
final class ImageName {
    private ImageName() {}

    /** The same for every spelling of one image; what is only an id stays as it is. */
    static String normal(String image) {
        if (isId(image)) {
            return image;
        }
        String digest = "";
        String name = image;
        int at = name.indexOf('@');
        if (at >= 0) {
            digest = name.substring(at);
            name = name.substring(0, at);
        }
        int colon = name.lastIndexOf(':');
        String tag = "";
        if (colon > name.lastIndexOf('/')) {
            tag = name.substring(colon);
            name = name.substring(0, colon);
        }
        String first = name.substring(0, Math.max(0, name.indexOf('/')));
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        if (!registry) {
            name = "docker.io/" + (first.isEmpty() ? "library/" : "") + name;
        } else if (first.equals("index.docker.io")) {
            name = "docker.io" + name.substring(first.length());
        }
        if (!digest.isEmpty()) {
            return name + digest;
        }
        return name + (tag.isEmpty() ? ":latest" : tag);
    }

    /** True for the digest of a configuration: which name it had is not told. */
    static boolean isId(String image) {
        return image.startsWith("sha256:") || image.matches("[0-9a-f]{12}|[0-9a-f]{64}");
    }

    /** True where both name the same image; podman puts {@code localhost/} before what was built there. */
    static boolean isSame(String one, String other) {
        return normal(plain(one)).equals(normal(plain(other)));
    }

    /** Without tag and digest. */
    static String repository(String image) {
        String normal = normal(plain(image));
        int at = normal.indexOf('@');
        String name = at < 0 ? normal : normal.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    private static String plain(String image) {
        return image.startsWith("localhost/") ? image.substring("localhost/".length()) : image;
    }
}
