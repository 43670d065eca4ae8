package dev.panoptes.sensors.peripheral;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is known of one device at one port. For one thread. */
final class UsbDevice {
    final String port;
    final List<String> classes = new ArrayList<>(2);

    @Nullable
    String vendor;

    @Nullable
    String product;

    @Nullable
    String productName;

    @Nullable
    String manufacturer;

    @Nullable
    String serial;

    UsbDevice(String port) {
        this.port = port;
    }

    /** Four lower case hexadecimal digits; null where the text is no number of this size. */
    static @Nullable String id(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return null;
            }
        }
        return "0".repeat(4 - text.length()) + text.toLowerCase(Locale.ROOT);
    }

    Event.Builder describe(Event.Builder event) {
        String id = vendor == null || product == null
                ? null
                : vendor + ":" + product + (serial == null || serial.isEmpty() ? "" : ":" + serial);
        return event.put("device.id", id)
                .put("device.bus", "usb")
                .put("device.vendor.id", vendor)
                .put("device.product.id", product)
                .put("device.product.name", productName)
                .put("device.manufacturer", manufacturer)
                .put("device.serial_number", serial)
                .put("device.classes", List.copyOf(classes))
                .put("device.port", port);
    }

    /** The classes of usb.org by their numbers; null for 0, with which a device says that its interfaces tell. */
    static @Nullable String className(int number) {
        return switch (number) {
            case 0 -> null;
            case 0x01 -> "audio";
            case 0x02 -> "communications";
            case 0x03 -> "hid";
            case 0x05 -> "physical";
            case 0x06 -> "image";
            case 0x07 -> "printer";
            case 0x08 -> "mass_storage";
            case 0x09 -> "hub";
            case 0x0a -> "cdc_data";
            case 0x0b -> "smart_card";
            case 0x0d -> "content_security";
            case 0x0e -> "video";
            case 0x0f -> "personal_healthcare";
            case 0x10 -> "audio_video";
            case 0x11 -> "billboard";
            case 0x12 -> "type_c_bridge";
            case 0xdc -> "diagnostic";
            case 0xe0 -> "wireless";
            case 0xef -> "miscellaneous";
            case 0xfe -> "application_specific";
            case 0xff -> "vendor_specific";
            default -> HexFormat.of().toHexDigits((byte) number);
        };
    }
}
