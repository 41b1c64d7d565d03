export const Page = () => <h1>Playground</h1>;
