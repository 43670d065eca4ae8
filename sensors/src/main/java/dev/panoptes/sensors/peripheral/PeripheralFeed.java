package dev.panoptes.sensors.peripheral;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import dev.panoptes.sensors.replay.Uevent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Devices that come and go. Only the kernel is believed; what a device says of itself is told as its name and never read as a
 * message. The lines of one port that tell name, manufacturer and serial number are joined with the one that tells of the device.
 * For one thread.
 */
final class PeripheralFeed implements Feed {
    private static final int MOST_DEVICES = 1024;
    private static final int MOST_WAITING = 64;
    private static final int MOST_LINE = 2048;
    private static final int WAIT_SECONDS = 2;

    private static final Pattern USB = Pattern.compile("usb (usb\\d{1,3}|\\d{1,3}-[\\d.]{1,24}): (.*)", Pattern.DOTALL);
    private static final Pattern FOUND =
            Pattern.compile("New USB device found, idVendor=([0-9a-fA-F]{1,4}), idProduct=([0-9a-fA-F]{1,4})(?:,.*)?");
    private static final Pattern STRINGS =
            Pattern.compile("New USB device strings: Mfr=(\\d+), Product=(\\d+), SerialNumber=(\\d+)");
    private static final Pattern DRIVER = Pattern.compile(
            "([a-z][a-zA-Z0-9_-]{1,40}) (\\d{1,3}-[\\d.]{1,24}):(\\d{1,3}\\.\\d{1,3})(?: [a-z0-9]{1,16})?: .*",
            Pattern.DOTALL);
    private static final Pattern HID = Pattern.compile(
            "([a-z][a-z0-9_-]{1,40}) 0003:([0-9A-F]{4}):([0-9A-F]{4})\\.([0-9A-F]{4}): .*", Pattern.DOTALL);
    private static final Pattern DISK =
            Pattern.compile("sd [\\d:]+: \\[(sd[a-z]{1,3})\\] Attached SCSI (removable )?disk");
    private static final Pattern MOUNTED = Pattern.compile(
            "(?:EXT[234]-fs|XFS|FAT-fs|exFAT-fs|exfat|BTRFS(?: info)?|F2FS-fs|ntfs3|NTFS-fs|ISO 9660|UDF-fs)(?::)?"
                    + " \\(?(?:device )?(sd[a-z]{1,3})(\\d{0,3})\\)?: (.*)");

    private final Map<String, UsbDevice> devices = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<String> bound = new HashSet<>();
    private final Map<String, Boolean> disks = new LinkedHashMap<>();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

    /** An event in the order of the source; one that tells of a device waits for the lines with its names. */
    private static final class Pending {
        private final Event.Builder event;
        private final @Nullable UsbDevice device;
        private final @Nullable Instant time;
        private boolean complete;
        private boolean wantsManufacturer = true;
        private boolean wantsProduct = true;
        private boolean wantsSerial = true;

        Pending(Event.Builder event, @Nullable UsbDevice device, @Nullable Instant time) {
            this.event = event;
            this.device = device;
            this.time = time;
            this.complete = device == null;
        }
    }

    @Override
    public void line(LogLine line, Output out) {
        if (line.text().isEmpty()) {
            return;
        }
        if (!line.kernel()) {
            if (line.journal() == null && line.time() == null && line.tag() == null) {
                out.malformed();
            }
            return;
        }
        String text = line.message();
        if (text.length() > MOST_LINE) {
            return;
        }
        Matcher usb = text.startsWith("usb ") ? USB.matcher(text) : null;
        if (usb != null && usb.matches()) {
            usb(usb.group(1), usb.group(2), line);
        } else {
            driver(text, line);
        }
        tell(out, false);
    }

    private void usb(String port, String text, LogLine line) {
        Matcher found = FOUND.matcher(text);
        if (found.matches()) {
            complete(port);
            UsbDevice device = new UsbDevice(port);
            device.vendor = UsbDevice.id(found.group(1));
            device.product = UsbDevice.id(found.group(2));
            remember(port, device);
            waiting.add(new Pending(event(line, "attached"), device, line.time()));
            return;
        }
        Pending pending = pending(port);
        Matcher strings = STRINGS.matcher(text);
        if (pending != null && strings.matches()) {
            pending.wantsManufacturer = !strings.group(1).equals("0");
            pending.wantsProduct = !strings.group(2).equals("0");
            pending.wantsSerial = !strings.group(3).equals("0");
        } else if (pending != null && text.startsWith("Product: ")) {
            named(pending).productName = text.substring(9);
            pending.wantsProduct = false;
        } else if (pending != null && text.startsWith("Manufacturer: ")) {
            named(pending).manufacturer = text.substring(14);
            pending.wantsManufacturer = false;
        } else if (pending != null && text.startsWith("SerialNumber: ")) {
            named(pending).serial = text.substring(14);
            pending.wantsSerial = false;
        } else if (text.startsWith("USB disconnect, ")) {
            complete(port);
            UsbDevice device = devices.remove(port);
            bound.removeIf(key -> key.startsWith(port + ":"));
            UsbDevice gone = device == null ? new UsbDevice(port) : device;
            waiting.add(new Pending(gone.describe(event(line, "detached")), null, line.time()));
            return;
        } else {
            return;
        }
        if (pending != null && !pending.wantsManufacturer && !pending.wantsProduct && !pending.wantsSerial) {
            pending.complete = true;
        }
    }

    private static UsbDevice named(Pending pending) {
        UsbDevice device = pending.device;
        if (device == null) {
            throw new IllegalStateException("only a device waits for its names");
        }
        return device;
    }

    private @Nullable Pending pending(String port) {
        for (Iterator<Pending> all = waiting.descendingIterator(); all.hasNext(); ) {
            Pending one = all.next();
            if (one.device != null && !one.complete && one.device.port.equals(port)) {
                return one;
            }
        }
        return null;
    }

    private void complete(String port) {
        Pending pending = pending(port);
        if (pending != null) {
            pending.complete = true;
        }
    }

    private void driver(String text, LogLine line) {
        Matcher driver = DRIVER.matcher(text);
        if (driver.matches()) {
            String port = driver.group(2);
            complete(port);
            if (bind(port + ":" + driver.group(3) + " " + driver.group(1))) {
                UsbDevice device = devices.getOrDefault(port, new UsbDevice(port));
                waiting.add(new Pending(
                        device.describe(event(line, "driver_bound")).put("device.driver", driver.group(1)),
                        null,
                        line.time()));
            }
            return;
        }
        Matcher hid = HID.matcher(text);
        if (hid.matches()) {
            if (bind("hid:" + hid.group(2) + hid.group(3) + hid.group(4) + " " + hid.group(1))) {
                waiting.add(new Pending(
                        event(line, "driver_bound")
                                .put("device.bus", "usb")
                                .put("device.vendor.id", UsbDevice.id(hid.group(2)))
                                .put("device.product.id", UsbDevice.id(hid.group(3)))
                                .put("device.driver", hid.group(1)),
                        null,
                        line.time()));
            }
            return;
        }
        storage(text, line);
    }

    private void storage(String text, LogLine line) {
        Matcher disk = DISK.matcher(text);
        if (disk.matches()) {
            if (disks.size() >= MOST_DEVICES) {
                String oldest = disks.keySet().iterator().next();
                disks.remove(oldest);
            }
            disks.put(disk.group(1), disk.group(2) != null);
            return;
        }
        Matcher mounted = MOUNTED.matcher(text);
        if (mounted.matches()
                && Boolean.TRUE.equals(disks.get(mounted.group(1)))
                && mounted.group(3).toLowerCase(java.util.Locale.ROOT).contains("mount")
                && !mounted.group(3).contains("unmount")
                && !mounted.group(3).contains("Unmount")) {
            waiting.add(new Pending(
                    event(line, "storage_mounted")
                            .put("device.removable", true)
                            .put("file.device", "/dev/" + mounted.group(1) + mounted.group(2)),
                    null,
                    line.time()));
        }
    }

    /** True the first time. */
    private boolean bind(String key) {
        if (bound.size() >= MOST_DEVICES) {
            bound.clear();
        }
        return bound.add(key);
    }

    private void remember(String port, UsbDevice device) {
        if (devices.size() >= MOST_DEVICES) {
            String oldest = devices.keySet().iterator().next();
            devices.remove(oldest);
        }
        devices.put(port, device);
    }

    @Override
    public void uevent(Uevent uevent, Output out) {
        String type = uevent.properties().getOrDefault("DEVTYPE", "");
        String subsystem = uevent.properties().getOrDefault("SUBSYSTEM", "");
        if (!subsystem.equals("usb") && !subsystem.isEmpty()) {
            return;
        }
        String name = uevent.devicePath().substring(uevent.devicePath().lastIndexOf('/') + 1);
        String product = uevent.properties().getOrDefault("PRODUCT", "");
        if (type.equals("usb_device")
                && (uevent.action().equals("add") || uevent.action().equals("remove"))) {
            UsbDevice device = described(name, product);
            addClass(device, uevent.properties().get("TYPE"));
            boolean added = uevent.action().equals("add");
            device.productName = text(uevent, "product");
            device.manufacturer = text(uevent, "manufacturer");
            device.serial = text(uevent, "serial");
            if (added) {
                remember(name, device);
            } else {
                UsbDevice before = devices.remove(name);
                if (before != null && java.util.Objects.equals(before.vendor, device.vendor)) {
                    device.productName = before.productName;
                    device.manufacturer = before.manufacturer;
                    device.serial = before.serial;
                }
            }
            Event.Builder event = device.describe(event(uevent, added ? "attached" : "detached"));
            String removable = text(uevent, "removable");
            if (removable != null && !removable.equals("unknown")) {
                event.put("device.removable", removable.equals("removable"));
            }
            out.event(event);
        } else if (type.equals("usb_interface") && uevent.action().equals("bind")) {
            int colon = name.indexOf(':');
            UsbDevice device = described(colon < 0 ? name : name.substring(0, colon), product);
            addClass(device, uevent.properties().get("INTERFACE"));
            out.event(device.describe(event(uevent, "driver_bound"))
                    .put("device.driver", uevent.properties().get("DRIVER")));
        }
    }

    private static @Nullable String text(Uevent uevent, String name) {
        String text = uevent.properties().get(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /** {@code 46d/c52b/1201}: vendor, product and release, without leading zeros. */
    private static UsbDevice described(String port, String product) {
        UsbDevice device = new UsbDevice(port);
        String[] parts = product.split("/");
        if (parts.length >= 2) {
            device.vendor = UsbDevice.id(parts[0]);
            device.product = UsbDevice.id(parts[1]);
        }
        return device;
    }

    /** {@code 3/1/1}: class, subclass and protocol in decimal. */
    private static void addClass(UsbDevice device, @Nullable String triple) {
        if (triple == null) {
            return;
        }
        int end = triple.indexOf('/');
        String number = end < 0 ? triple : triple.substring(0, end);
        if (!number.isEmpty() && number.length() <= 3 && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String name = UsbDevice.className(Integer.parseInt(number));
            if (name != null) {
                device.classes.add(name);
            }
        }
    }

    private static Event.Builder event(Uevent uevent, String action) {
        return kind(Event.builder().put("@timestamp", uevent.time()), action).put("event.provider", uevent.provider());
    }

    private static Event.Builder event(LogLine line, String action) {
        return line.describeWithoutTime(kind(Event.builder().put("@timestamp", line.time()), action));
    }

    private static Event.Builder kind(Event.Builder event, String action) {
        List<String> types = switch (action) {
            case "attached" -> List.of("device", "start");
            case "detached" -> List.of("device", "end");
            case "driver_bound" -> List.of("start");
            default -> List.of("device", "access");
        };
        return event.put("event.action", action)
                .put("event.category", List.of(action.equals("driver_bound") ? "driver" : "host"))
                .put("event.type", types)
                .put("event.outcome", "success");
    }

    /** Tells what waits, up to the first device whose names may still come. */
    private void tell(Output out, boolean all) {
        while (!waiting.isEmpty() && (all || waiting.size() > MOST_WAITING || waiting.peek().complete)) {
            Pending next = waiting.remove();
            out.event(next.device == null ? next.event : next.device.describe(next.event));
        }
    }

    @Override
    public void idle(Instant now, Output out) {
        for (Pending pending : waiting) {
            if (pending.time == null || pending.time.isBefore(now.minusSeconds(WAIT_SECONDS))) {
                pending.complete = true;
            }
        }
        tell(out, false);
    }

    @Override
    public void finish(Output out) {
        tell(out, true);
    }
}
