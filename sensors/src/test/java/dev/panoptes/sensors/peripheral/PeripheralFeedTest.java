package dev.panoptes.sensors.peripheral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Replayed;
import org.junit.jupiter.api.Test;

class PeripheralFeedTest {
    private static Replayed replay(String text) {
        return Replayed.of("peripheral", new PeripheralFeed(), text);
    }

    @Test
    void joinsTheLinesOfAPort() {
        Replayed replayed = replay("""
            2023-11-09T01:02:03Z h kernel: [  1.5] usb 1-1.2: new high-speed USB device number 5 using xhci_hcd
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 1-1.2: New USB device found, idVendor=046D, idProduct=c52b, bcdDevice=12.01
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 1-1.2: New USB device strings: Mfr=1, Product=2, SerialNumber=3
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 2-1: New USB device found, idVendor=0781, idProduct=5567
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 1-1.2: Product: usb 9-9: USB disconnect, device number 5
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 1-1.2: Manufacturer: Logitech
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 2-1: Product: Cruzer
            2023-11-09T01:02:04Z h kernel: [  1.6] usb 1-1.2: SerialNumber: 42
            2023-11-09T01:02:05Z h kernel: [  1.7] usb-storage 2-1:1.0: USB Mass Storage device detected
            2023-11-09T01:02:05Z h kernel[7]: usb 3-1: USB disconnect, device number 5
            2023-11-09T01:02:05Z h logger: usb 3-1: USB disconnect, device number 5
            2023-11-09T01:02:06Z h kernel: usb 1-1.2: USB disconnect, device number 5
            """);

        assertThat(replayed.texts("event.action")).containsExactly("attached", "attached", "driver_bound", "detached");
        assertThat(replayed.texts("device.port")).containsExactly("1-1.2", "2-1", "2-1", "1-1.2");
        assertThat(replayed.texts("device.vendor.id")).containsExactly("046d", "0781", "0781", "046d");
        assertThat(replayed.texts("device.product.name"))
                .containsExactly(
                        "usb 9-9: USB disconnect, device number 5",
                        "Cruzer",
                        "Cruzer",
                        "usb 9-9: USB disconnect, device number 5");
        assertThat(replayed.texts("device.serial_number")).containsExactly("42", "-", "-", "42");
        assertThat(replayed.texts("device.driver")).containsExactly("-", "-", "usb-storage", "-");
        assertThat(replayed.texts("@timestamp").getFirst()).isEqualTo("2023-11-09T01:02:04Z");
    }

    @Test
    void readsUevents() {
        String device = "add@/devices/pci0000:00/usb1/1-1\0ACTION=add\0DEVPATH=/devices/pci0000:00/usb1/1-1\0"
                + "SUBSYSTEM=usb\0DEVTYPE=usb_device\0PRODUCT=46d/c52b/1201\0TYPE=0/0/0\0SEQNUM=9\0";
        String bound = "bind@/devices/pci0000:00/usb1/1-1/1-1:1.0\0ACTION=bind\0SUBSYSTEM=usb\0"
                + "DEVTYPE=usb_interface\0DRIVER=usbhid\0PRODUCT=46d/c52b/1201\0INTERFACE=3/1/1\0";
        Replayed replayed = replay(device + bound + device.replace("add", "remove"));

        assertThat(replayed.result().line()).isEqualTo("replayed 3 records, 3 events, 0 malformed, 0 lost");
        assertThat(replayed.texts("event.action")).containsExactly("attached", "driver_bound", "detached");
        Event event = replayed.events().get(1);
        assertThat(event.text("device.port")).isEqualTo("1-1");
        assertThat(event.text("device.vendor.id")).isEqualTo("046d");
        assertThat(event.values("device.classes")).containsExactly("hid");
        assertThat(event.text("device.driver")).isEqualTo("usbhid");
    }

    @Test
    void readsTheMonitorsText() {
        Replayed replayed = replay("""
            monitor will print the received events for:
            KERNEL - the kernel uevent

            KERNEL[4513.302932] add      /devices/pci0000:00/usb1/1-2 (usb)
            ACTION=add
            DEVPATH=/devices/pci0000:00/usb1/1-2
            SUBSYSTEM=usb
            DEVTYPE=usb_device
            PRODUCT=781/5567/126

            UDEV  [4513.402932] add      /devices/pci0000:00/usb1/1-2 (usb)
            ACTION=add
            SUBSYSTEM=usb
            DEVTYPE=usb_device

            """);

        assertThat(replayed.result().line()).isEqualTo("replayed 1 records, 1 events, 0 malformed, 0 lost");
        assertThat(replayed.texts("device.id")).containsExactly("0781:5567");
    }

    @Test
    void readsDmesg() {
        Replayed replayed = replay("""
            [    1.000000] Linux version 6.1
            [   12.345678] usb 1-1: New USB device found, idVendor=0781, idProduct=5567, bcdDevice= 1.26
            [   12.345678] sd 6:0:0:0: [sdb] Attached SCSI removable disk
            [   13.345678] EXT4-fs (sdb1): mounted filesystem with ordered data mode
            """);

        assertThat(replayed.texts("event.action")).containsExactly("attached", "storage_mounted");
        assertThat(replayed.texts("@timestamp")).doesNotContain("-");
    }
}
