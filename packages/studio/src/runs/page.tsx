export const Page = () => <h1>Runs</h1>;
