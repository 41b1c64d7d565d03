/** Tables to try the page with. */
import { randomStream } from "tsgan/random";

const ROWS = 5000;
const SHOP_COUNTRIES = ["DE", "DE", "DE", "FR", "FR", "IT", "NL", "PL", "SE"] as const;
const DEVICES = ["phone", "phone", "phone", "desktop", "desktop", "tablet"] as const;
const WORDS =
  "please leave it at the door ring twice call before gift wrap thanks the parcel neighbour after six".split(
    " ",
  );
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);

/** Orders of a made-up shop: every kind of column, and what belongs to persons. */
export const shopOrders = (rows = ROWS): string => {
  const random = randomStream(15, "studio/shop-orders");
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)];
  const lines = ["order_id,email,country,device,age,ordered,items,total,discount,member,note"];
  for (let i = 0; i < rows; i++) {
    const country = pick(SHOP_COUNTRIES);
    const device = pick(DEVICES);
    const middle = device === "desktop" ? 49 : 33;
    const age = Math.round(Math.max(18, Math.min(90, middle + 11 * random.normal())));
    const items = 1 + Math.floor(-2.2 * Math.log(1 - random.uniform()));
    const price = Math.exp(3 + 0.5 * random.normal()) * (country === "SE" ? 1.3 : 1);
    const member = random.uniform() < (age > 40 ? 0.55 : 0.25);
    const discount = member && random.uniform() < 0.6 ? 5 * (1 + random.integer(4)) : 0;
    const total = items * price * (1 - discount / 100);
    const day = new Date(FIRST_DAY + DAY * Math.floor(731 * Math.sqrt(random.uniform())));
    const note =
      random.uniform() < 0.7
        ? ""
        : Array.from({ length: 5 + random.integer(6) }, () => pick(WORDS)).join(" ");
    lines.push(
      [
        100_001 + i,
        `customer.${(7919 * (i + 1)) % 99_991}@mail.example`,
        country,
        device,
        random.uniform() < 0.06 ? "" : age,
        day.toISOString().slice(0, 10),
        items,
        total.toFixed(2),
        discount,
        member ? "yes" : "no",
        note,
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
};

export interface ExampleTable {
  readonly name: string;
  readonly title: string;
  /** What one sees with it. */
  readonly promise: string;
  /** Heights of its picture. */
  readonly picture: readonly number[];
  load(): Promise<Blob>;
}

const penguins = async (): Promise<Blob> => {
  const response = await fetch(new URL("data/penguins.csv", document.baseURI));
  if (!response.ok) throw new Error(`this site does not have penguins.csv: it answered ${response.status}`);
  return response.blob();
};

export const exampleTables: readonly ExampleTable[] = [
  {
    name: "shop-orders.csv",
    title: "Shop orders",
    promise: "5,000 made-up rows: dates, bills, e-mail addresses and notes. See what is left out.",
    picture: [9, 6, 4, 3, 2, 1.5, 1, 0.5],
    load: async () => new Blob([shopOrders()], { type: "text/csv" }),
  },
  {
    name: "penguins.csv",
    title: "Penguins",
    promise: "344 birds of three species, measured at Palmer Station. Small, and known to all.",
    picture: [1, 3, 6, 4, 2, 5, 8, 3],
    load: penguins,
  },
];
