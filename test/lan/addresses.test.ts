import { describe, expect, test } from "bun:test";
import { chooseAddress, findAddress, isWithin, listAddresses, localName } from "../../src/lan/addresses.ts";

const of = (address: string, cidr: string, family: "IPv4" | "IPv6" = "IPv4") => ({
  ...{ address, cidr, family, netmask: "", mac: "", internal: false },
  ...(family === "IPv6" ? { scopeid: 0 } : {}),
});
type Interfaces = Parameters<typeof listAddresses>[0];
const known = (interfaces: Record<string, ReturnType<typeof of>[]>) => listAddresses(interfaces as Interfaces);

const home = {
  lo: [of("127.0.0.1", "127.0.0.1/8")],
  wlan0: [of("192.168.7.20", "192.168.7.20/24"), of("fd00::20", "fd00::20/64", "IPv6")],
  docker0: [of("172.17.0.1", "172.17.0.1/16")],
  ppp0: [of("8.8.4.4", "8.8.4.4/32")],
};

describe("the addresses of this computer", () => {
  test("that a listener may have are private or loopback, with the network around them", () => {
    expect(known(home)).toEqual([
      { address: "127.0.0.1", name: "lo", network: "127.0.0.0/24" },
      { address: "192.168.7.20", name: "wlan0", network: "192.168.7.0/24" },
      { address: "fd00::20", name: "wlan0", network: "fd00::/64" },
      { address: "172.17.0.1", name: "docker0", network: "172.17.0.0/24" },
    ]);
  });

  test.each([
    ["the only one that leads outward", {}, "192.168.7.20"],
    ["of a named interface", { name: "docker0" }, "172.17.0.1"],
    ["that is named", { address: "fd00:0::20" }, "fd00::20"],
    ["on loopback, to try it out", { address: "127.0.0.1" }, "127.0.0.1"],
  ] as const)("it takes the one %s", (_what, wanted, address) => {
    expect(chooseAddress(known(home), wanted).address).toBe(address);
  });

  test.each([
    ["a public one", { address: "1.1.1.1" }, "forbidden"],
    ["all of them", { address: "0.0.0.0" }, "forbidden"],
    ["all of them by IPv6", { address: "::" }, "forbidden"],
    ["one of another computer", { address: "192.168.7.21" }, "not_found"],
    ["an interface that is not there", { name: "eth9" }, "not_found"],
    ["an interface with a public address", { name: "ppp0" }, "not_found"],
  ] as const)("it refuses %s", (_what, wanted, code) => {
    expect(() => chooseAddress(known(home), wanted)).toThrow(expect.objectContaining({ code }));
  });

  test("where several would do, it lists the commands", () => {
    const two = known({ ...home, eth0: [of("10.1.2.3", "10.1.2.3/8")] });
    expect(() => chooseAddress(two, {})).toThrow(
      expect.objectContaining({
        code: "usage",
        hint: "mcqueen lan on --address 192.168.7.20   (wlan0)\nmcqueen lan on --address 10.1.2.3   (eth0)",
      }),
    );
  });

  test("an interface is followed to the address that it has now", () => {
    const moved = known({ wlan0: [of("10.9.9.9", "10.9.9.9/24")] });
    expect(findAddress(known(home), "wlan0")?.address).toBe("192.168.7.20");
    expect(findAddress(moved, "wlan0")?.address).toBe("10.9.9.9");
    expect(findAddress(moved, "192.168.7.20")).toBeUndefined();
  });

  test.each([
    ["Ada-Laptop", "ada-laptop.local"],
    ["ada.example.org", "ada.local"],
    ["localhost", undefined],
    ["under_score", undefined],
    ["", undefined],
  ])("a computer called %p is %p in its network", (name, local) => {
    expect(localName(name)).toBe(local);
  });

  test("a network holds its own addresses only", () => {
    expect(isWithin("192.168.7.200", "192.168.7.0/24")).toBe(true);
    expect(isWithin("192.168.8.1", "192.168.7.0/24")).toBe(false);
    expect(isWithin("fd00::1", "192.168.7.0/24")).toBe(false);
  });
});
