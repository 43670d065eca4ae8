package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Files are rewritten as ransom software does: within a minute {@link #FILES} files or more in {@link #FOLDERS} folders or more
 * get a second suffix that is the same for all ({@code report.odt.locked}): the first names a kind of file that people keep, or the file was
 * moved from there. Compression, editors' copies, and what is deployed (templates, versions in names) are not meant.
 */
public final class Rewriting implements Analytic {
    static final int FILES = 30;
    static final int FOLDERS = 2;
    private static final Set<String> USUAL = Set.of(
            "gz",
            "bz2",
            "xz",
            "zst",
            "zip",
            "bak",
            "old",
            "orig",
            "tmp",
            "swp",
            "part",
            "new",
            "dpkg-new",
            "dpkg-old",
            "dpkg-dist",
            "rpmnew",
            "rpmsave",
            "log",
            "pyc",
            "o",
            "d",
            "map",
            "min",
            "lock",
            "sig",
            "asc",
            "sha256",
            "json",
            "txt",
            "html",
            "xml",
            "md",
            "br",
            "ts",
            "js",
            "css",
            "meta",
            "dist-new",
            "dpkg-tmp",
            "crc",
            "gpg",
            "so",
            "h",
            "1",
            "age",
            "pgp",
            "p7s",
            "webp",
            "avif",
            "srt",
            "vtt",
            "parquet",
            "erb",
            "twig",
            "haml",
            "slim",
            "ejs",
            "hbs",
            "j2",
            "jinja",
            "jinja2",
            "tmpl",
            "tpl",
            "template",
            "mustache",
            "example",
            "sample",
            "stub",
            "dist",
            "default",
            "in",
            "am",
            "license",
            "snap",
            "properties",
            "yml",
            "yaml",
            "php",
            "py",
            "rb",
            "png",
            "jpg",
            "svg",
            "torrent",
            "aria2",
            "crdownload");
    /** Kinds of files that people keep, and what programs keep for them. */
    private static final Set<String> KEPT = Set.of(
            "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "pdf", "rtf", "txt", "csv", "md", "json",
            "xml", "html", "htm", "php", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "svg", "psd", "mp3", "wav",
            "flac", "mp4", "mov", "avi", "mkv", "zip", "tar", "gz", "7z", "rar", "sql", "db", "sqlite", "mdb", "accdb",
            "dbf", "bak", "vmdk", "vmx", "vdi", "qcow2", "vhd", "vhdx", "img", "iso", "pst", "ost", "eml", "msg", "key",
            "pem", "crt", "pfx", "kdbx", "conf", "cfg", "ini", "yml", "yaml", "log", "dwg", "dat", "bin", "ibd", "frm",
            "myd", "py", "js", "java", "c", "cpp", "cs", "sh");

    private static final int MOST = 20_000;

    private record Key(String host, String suffix, long minute) {}

    private static final class Changed {
        private final Set<String> files = new HashSet<>();
        private final Set<String> folders = new HashSet<>();
        private final TreeSet<String> events = new TreeSet<>();
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
    }

    private final Map<Key, Changed> changed = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "rewriting";
    }

    @Override
    public int least() {
        return FILES;
    }

    @Override
    public List<String> keys(Seen seen) {
        Key key = key(seen);
        return key == null ? List.of() : List.of(key.host() + '\n' + key.suffix() + '\n' + key.minute());
    }

    /** Null where no file gets a second suffix. */
    private static @Nullable Key key(Seen seen) {
        Event event = seen.event();
        String action = event.action();
        if (!"panoptes.file_integrity".equals(event.dataset())
                || (!"created".equals(action) && !"moved".equals(action))) {
            return null;
        }
        String path = seen.text("file.path");
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || name.indexOf('.') == dot || name.startsWith(".")) {
            return null;
        }
        String suffix = name.substring(dot + 1);
        if (USUAL.contains(suffix) || suffix.matches("[0-9]+")) {
            return null;
        }
        String stem = name.substring(0, dot);
        boolean kept = KEPT.contains(stem.substring(stem.lastIndexOf('.') + 1));
        if (!kept && !seen.text("file.previous.path").equals(path.substring(0, path.length() - suffix.length() - 1))) {
            return null;
        }
        return new Key(seen.host(), suffix, Math.floorDiv(seen.at().getEpochSecond(), 60L));
    }

    @Override
    public void see(Seen seen) {
        Key key = key(seen);
        if (key == null) {
            return;
        }
        String path = seen.text("file.path");
        int slash = path.lastIndexOf('/');
        Changed known = changed.get(key);
        if (known == null) {
            if (changed.size() >= MOST) {
                dropped++;
                return;
            }
            known = new Changed();
            changed.put(key, known);
        }
        if (known.files.size() < 1_000) {
            known.files.add(path);
            known.folders.add(path.substring(0, Math.max(0, slash)));
        }
        known.events.add(seen.id());
        if (known.events.size() > 50) {
            known.events.removeLast();
        }
        known.first = seen.at().isBefore(known.first) ? seen.at() : known.first;
        known.last = seen.at().isAfter(known.last) ? seen.at() : known.last;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        changed.forEach((key, known) -> {
            if (known.files.size() < FILES || known.folders.size() < FOLDERS) {
                return;
            }
            SortedSet<Entity> entities = new TreeSet<>();
            if (!key.host().isEmpty()) {
                entities.add(new Entity("host", key.host()));
            }
            known.files.stream().sorted().limit(5).forEach(file -> entities.add(new Entity("file", file)));
            hits.add(LoginGuessing.hit(
                    "files_rewritten",
                    "Many files are rewritten under a new suffix",
                    Level.HIGH,
                    List.of("T1486"),
                    "impact",
                    known.first,
                    known.last,
                    List.copyOf(known.events),
                    known.files.size(),
                    entities,
                    known.files.size() + " files became ." + key.suffix() + " within a minute"));
        });
        return hits;
    }
}
